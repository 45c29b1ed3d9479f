// Swift cannot express the processor's own CRC-32C instruction.
#include "crc32c_instruction.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#include <wmmintrin.h>
#define TARGET __attribute__((target("sse4.2,pclmul")))
#define FOLD_8(state, word) ((uint32_t)_mm_crc32_u64(state, word))
#define FOLD_1(state, byte) _mm_crc32_u8(state, byte)
#define HAS_LANES 1

bool crc32c_instruction_exists(void) {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

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

TARGET static inline uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

#ifdef HAS_LANES
// One fold waits three cycles for the one before, and the processor can begin one in each. So three lanes
// of bytes are folded side by side, and then put together.
enum { LANE = 256 };

// What is left of a state after so many zero bytes: the state times x^(8 * bytes) modulo the polynomial.
// `factor` is x^(8 * bytes - 33): 1 for how the product is laid out, and 32 for the fold.
TARGET static inline uint32_t after_zeros(uint32_t state, uint32_t factor) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_cvtsi64_si128(state), _mm_cvtsi64_si128(factor), 0);
  return FOLD_8(0, (uint64_t)_mm_cvtsi128_si64(product));
}

TARGET static uint32_t fold_lanes(uint32_t state, const uint8_t *bytes) {
  uint32_t second = 0, third = 0;
  for (size_t i = 0; i < LANE; i += 8) {
    state = FOLD_8(state, word_at(bytes + i));
    second = FOLD_8(second, word_at(bytes + LANE + i));
    third = FOLD_8(third, word_at(bytes + 2 * LANE + i));
  }
  const uint32_t after_one_lane = 0xb9e02b86, after_two_lanes = 0xdd7e3b0c;
  return after_zeros(state, after_two_lanes) ^ after_zeros(second, after_one_lane) ^ third;
}
#endif

TARGET uint32_t crc32c_instruction_update(uint32_t state, const uint8_t *bytes, size_t count) {
#ifdef HAS_LANES
  for (; count >= 3 * LANE; bytes += 3 * LANE, count -= 3 * LANE) state = fold_lanes(state, bytes);
#endif
  for (; count >= 8; bytes += 8, count -= 8) state = FOLD_8(state, word_at(bytes));
  for (; count > 0; bytes++, count--) state = FOLD_1(state, *bytes);
  return state;
}
