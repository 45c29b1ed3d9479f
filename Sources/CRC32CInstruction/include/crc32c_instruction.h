#ifndef CRC32C_INSTRUCTION_H
#define CRC32C_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the processor we run on has an instruction for CRC-32C.
bool crc32c_instruction_exists(void);

/// Folds `count` bytes into the state of a CRC-32C. Call it only if the instruction exists.
uint32_t crc32c_instruction_update(uint32_t state, const uint8_t *bytes, size_t count);

#endif
