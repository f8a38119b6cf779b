// libsndfile as a program would use it: a whole file to interleaved float32 in new memory. Declares what it calls, so that no header
// is needed. Reads a line of JSON for each decode, {"file": …, "dump": …}, with paths that need no escapes, and answers with one.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { READ = 0x10, BLOCK_FRAMES = 1 << 16 };

struct info {
  int64_t frames;
  int rate, channels, format, sections, seekable;
};

void *sf_open(const char *path, int mode, struct info *info);
int64_t sf_readf_float(void *file, float *out, int64_t frames);
int sf_close(void *file);

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

// All frames that there are, up to the length that libsndfile states.
static float *decode(const char *path, struct info *info) {
  void *file = sf_open(path, READ, info);
  if (!file) return NULL;
  float *out = malloc((size_t)info->frames * info->channels * sizeof(float));
  int64_t done = 0, count;
  while (out && done < info->frames) {
    int64_t left = info->frames - done;
    count = sf_readf_float(file, out + done * info->channels, left < BLOCK_FRAMES ? left : BLOCK_FRAMES);
    if (count <= 0) break;
    done += count;
  }
  info->frames = done;
  sf_close(file);
  return out;
}

static void dump_planes(const char *path, const float *samples, const struct info *info) {
  FILE *target = fopen(path, "wb");
  for (int channel = 0; target && channel < info->channels; channel++)
    for (int64_t frame = 0; frame < info->frames; frame++)
      fwrite(samples + frame * info->channels + channel, sizeof(float), 1, target);
  if (target) fclose(target);
}

// The value of a member, in place; the line is cut up.
static char *member(char *line, const char *name) {
  char key[32];
  snprintf(key, sizeof key, "\"%s\":\"", name);
  char *start = strstr(line, key);
  return start ? start + strlen(key) : NULL;
}

int main(void) {
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char *file = member(line, "file"), *dump = member(line, "dump");
    if (file) *strchr(file, '"') = 0;
    if (dump) *strchr(dump, '"') = 0;
    struct info info = {0};
    double start = now_ms();
    float *samples = file ? decode(file, &info) : NULL;
    double took = now_ms() - start;
    if (samples && dump) dump_planes(dump, samples, &info);
    if (!samples) printf("{\"ok\":false,\"error\":\"libsndfile gave up\"}\n");
    else
      printf("{\"ok\":true,\"value\":{\"ms\":%.3f,\"frames\":%lld,\"channels\":%d,\"sampleRate\":%d}}\n", took,
             (long long)info.frames, info.channels, info.rate);
    fflush(stdout);
    free(samples);
  }
  free(line);
  return 0;
}
