// Swift cannot express the processor's own CRC-32C instruction.
#include "crc32c_instruction.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#define TARGET __attribute__((target("sse4.2")))
#define FOLD_8(state, word) ((uint32_t)_mm_crc32_u64(state, word))
#define FOLD_1(state, byte) _mm_crc32_u8(state, byte)

bool crc32c_instruction_exists(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__)
#include <arm_acle.h>
#if defined(__APPLE__)
#define TARGET
bool crc32c_instruction_exists(void) { return true; }
#else
#include <sys/auxv.h>
#define TARGET __attribute__((target("crc")))
bool crc32c_instruction_exists(void) { return getauxval(AT_HWCAP) & (1 << 7); }
#endif
#define FOLD_8(state, word) __crc32cd(state, word)
#define FOLD_1(state, byte) __crc32cb(state, byte)

#else
#define TARGET
#define FOLD_8(state, word) (state)
#define FOLD_1(state, byte) (state)

bool crc32c_instruction_exists(void) { return false; }
#endif

TARGET uint32_t crc32c_instruction_update(uint32_t state, const uint8_t *bytes, size_t count) {
  for (; count >= 8; bytes += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    state = FOLD_8(state, word);
  }
  for (; count > 0; bytes++, count--) state = FOLD_1(state, *bytes);
  return state;
}
