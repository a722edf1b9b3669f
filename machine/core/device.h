/* device.h - what a device is, and all of the machine that a device may use.
 *
 * As in System/161, a device is a record of functions and a state of a type that only the device's file
 * knows. To add one: its registers in isa/platform.h, its file in machine/devices/, its row in
 * MACHINE_DEVICES.
 *
 * Beside what is declared here, a device may call functions of machine.h that have no effect on devices, for
 * example machine_tick to know the time, or machine_poke to write to RAM (a DMA: decoded code and snapshots
 * learn of it). */
#ifndef MACHINE_DEVICE_H
#define MACHINE_DEVICE_H

#include "isa/platform.h"
#include "machine/machine.h"
#include "stream.h"

struct device {
  uint32_t base;      /* physical address of its page of registers */
  size_t state_bytes; /* of its state, which begins all zero */
  /* A load or store of the word at `offset` of its page; false: a bus error, nothing done. NULL: always so. A
   * device is touched at an exact tick: m's tick is that of the instruction. */
  bool (*load)(struct machine *m, void *state, uint32_t offset, uint32_t *value);
  bool (*store)(struct machine *m, void *state, uint32_t offset, uint32_t value);
  /* pending: does the device interrupt now? next_event: the future tick at which it will if left alone, or
   * NEVER. NULL: it never interrupts. */
  bool (*pending)(const struct machine *m, const void *state);
  uint64_t (*next_event)(const struct machine *m, const void *state);
  /* Makes and frees what the state owns; NULL: nothing. init: false if memory is short. free: init may have
   * failed. */
  bool (*init)(void *state, const struct machine_config *config);
  void (*free)(void *state);
  /* Passes over the state, bulk content apart; NULL: there is none. */
  void (*stream)(struct machine *m, void *state, struct stream *s);
};
#define NEVER UINT64_MAX

/* The devices, a page of registers each, by address. A row is NAME, for the record machine_NAME_device. */
#define MACHINE_DEVICES(row) row(console) row(block) row(clock) row(power) row(facts)

#define DECLARE_DEVICE(name) extern const struct device machine_##name##_device;
MACHINE_DEVICES(DECLARE_DEVICE)
#define COUNT_DEVICE(name) +1
#define DEVICES (MACHINE_DEVICES(COUNT_DEVICE))

/* ---- what the core does for devices ---- */

/* The device's state in m, for functions that the host calls. */
void *machine_device_state(const struct machine *m, const struct device *device);
/* Something other than a load or a store of a register - input from the host - may have changed what
 * `pending` and `next_event` say. */
void machine_device_changed(struct machine *m);
enum machine_cpu machine_cpu(const struct machine *m);
/* The machine stops for good when the present instruction has retired. */
void machine_power_off(struct machine *m, uint32_t exit_status);
/* Why and how the machine stopped, as a part of the power device's state. */
void machine_stream_halt(struct machine *m, struct stream *s);

/* ---- what the core asks of single devices ---- */

/* Room for n bytes of queued input, so that restoring a snapshot with so many cannot fail. False if memory is
 * short. */
bool machine_console_reserve(struct machine *m, size_t n);
struct bulk *machine_block_disk(const struct machine *m);
/* What machine_load has put where. */
void machine_facts_set(struct machine *m, uint32_t initrd, uint32_t initrd_bytes, uint32_t args,
                       uint32_t args_bytes);

#endif
