#include "random.h"

#include <string.h>

enum { block_words = 16 };

struct stream {
  uint32_t block[block_words];
  uint32_t counter; // of the next block
  uint32_t drawn;   // words of this block
};

static uint32_t key_words[random_key_bytes / 4];
// While a workflow is evaluated the key is zero, so that all its images are equal.
static struct stream streams[random_purposes] = {[0 ... random_purposes - 1] = {.drawn = block_words}};

static uint32_t rotate(uint32_t value, int bits) { return (value << bits) | (value >> (32 - bits)); }

static void quarter_round(uint32_t *s, int a, int b, int c, int d) {
  s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
  s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
  s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
  s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

static void next_block(unsigned purpose, struct stream *stream) {
  uint32_t initial[block_words] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  memcpy(initial + 4, key_words, sizeof key_words);
  initial[12] = stream->counter;
  initial[15] = purpose; // the last word of the nonce, whose other words are zero
  uint32_t *state = stream->block;
  memcpy(state, initial, sizeof initial);
  for (int round = 0; round < 20; round += 2) {
    for (int i = 0; i < 4; i++) quarter_round(state, i, 4 + i, 8 + i, 12 + i);
    for (int i = 0; i < 4; i++) quarter_round(state, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (int i = 0; i < block_words; i++) state[i] += initial[i];
  stream->counter++;
  stream->drawn = 0;
}

void random_seed(const uint8_t key[random_key_bytes]) {
  memcpy(key_words, key, sizeof key_words);
  memset(streams, 0, sizeof streams);
  for (int i = 0; i < random_purposes; i++) streams[i].drawn = block_words;
}

void random_fill(unsigned purpose, uint8_t *bytes, size_t length) {
  struct stream *stream = &streams[purpose];
  while (length > 0) {
    if (stream->drawn == block_words) next_block(purpose, stream);
    uint32_t word = stream->block[stream->drawn++];
    size_t taken = length < 4 ? length : 4;
    memcpy(bytes, &word, taken);
    bytes += taken;
    length -= taken;
  }
}
