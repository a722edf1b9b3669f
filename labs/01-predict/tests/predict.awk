# predict.awk - the right prediction for a number: awk -v number=02498756 -f predict.awk
# It knows the guest, not the machine: what a student works out by hand.
function trap(from, what, verdict) { print from, what, verdict }
function refill(what) { trap("app", what, "reflect"); trap("guest-os", "tlbw", "emulate"); back() }
function back() { trap("guest-os", "rfe", "emulate"); fetch() }
function fetch() { if (!text) { text = 1; refill("fetch-miss") } }
function touch(page, what) { if (!(page in tlb)) { tlb[page]; refill(what) } }
function forget(  page) { text = 0; for (page in tlb) delete tlb[page] }
function call() { trap("app", "syscall", "reflect") }
BEGIN {
  last = fresh = 0
  trap("guest-os", "device", "emulate") # the boot arguments
  back()
  for (i = 1; i <= length(number); i++) {
    d = substr(number, i, 1)
    if (d <= 1) { call(); back() }
    else if (d <= 3) { touch(fresh, "store-miss"); last = fresh++ }
    else if (d == 4) touch(last, "load-miss")
    else if (d == 6) { call(); trap("guest-os", "device", "emulate"); back() }
    else if (d == 7) { trap("app", "mfst", "reflect"); back() }
    else if (d == 8) { trap("app", "tlbi", "reflect"); back() }
    else if (d == 9) { call(); trap("guest-os", "tlbi", "emulate"); forget(); back() }
  }
  call()
  trap("guest-os", "device", "kill")
}
