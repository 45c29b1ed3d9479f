// What we call of libFuzzer, which -sanitize=fuzzer links. It has no header of its own.
#include <stddef.h>
#include <stdint.h>

/// Changes the bytes in a way of its own choice, and returns how many there are then.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull bytes, size_t count, size_t capacity);
