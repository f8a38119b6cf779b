// FFmpeg's libraries as a program would use them: one thread, a whole file to planar float32 in new memory, no command, no pipe.
// Reads a line of JSON for each decode, {"file": …, "dump": …}, with paths that need no escapes, and answers with one.
#define _GNU_SOURCE
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_CHANNELS = 8 };

struct samples {
  float *plane[MAX_CHANNELS];
  size_t frames, room;
  int channels, rate;
};

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int reserve(struct samples *out, size_t frames) {
  if (frames <= out->room) return 0;
  for (int channel = 0; channel < out->channels; channel++) {
    float *larger = realloc(out->plane[channel], frames * sizeof(float));
    if (!larger) return -1;
    out->plane[channel] = larger;
  }
  out->room = frames;
  return 0;
}

static int append(struct samples *out, const AVFrame *frame) {
  size_t count = frame->nb_samples;
  if (out->frames + count > out->room && reserve(out, (out->frames + count) * 5 / 4)) return -1;
  int planar = av_sample_fmt_is_planar(frame->format), step = planar ? 1 : out->channels;
  for (int channel = 0; channel < out->channels; channel++) {
    float *to = out->plane[channel] + out->frames;
    const uint8_t *from = frame->extended_data[planar ? channel : 0];
    int at = planar ? 0 : channel;
    switch (av_get_packed_sample_fmt(frame->format)) {
      case AV_SAMPLE_FMT_FLT:
        if (planar) memcpy(to, from, count * sizeof(float));
        else for (size_t i = 0; i < count; i++) to[i] = ((const float *)from)[i * step + at];
        break;
      case AV_SAMPLE_FMT_S16:
        for (size_t i = 0; i < count; i++) to[i] = ((const int16_t *)from)[i * step + at] * (1.f / 32768);
        break;
      case AV_SAMPLE_FMT_S32:
        for (size_t i = 0; i < count; i++) to[i] = ((const int32_t *)from)[i * step + at] * (1.f / 2147483648.f);
        break;
      default:
        return -1;
    }
  }
  out->frames += count;
  return 0;
}

static int drain(AVCodecContext *codec, AVFrame *frame, struct samples *out) {
  int result;
  while ((result = avcodec_receive_frame(codec, frame)) >= 0) {
    if (append(out, frame)) return -1;
    av_frame_unref(frame);
  }
  return result == AVERROR(EAGAIN) || result == AVERROR_EOF ? 0 : -1;
}

static int decode(const char *file, struct samples *out) {
  AVFormatContext *format = NULL;
  AVCodecContext *codec = NULL;
  const AVCodec *decoder = NULL;
  AVPacket *packet = av_packet_alloc();
  AVFrame *frame = av_frame_alloc();
  int result = avformat_open_input(&format, file, NULL, NULL);
  int stream = -1;
  if (result >= 0) result = avformat_find_stream_info(format, NULL);
  if (result >= 0) result = stream = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
  if (result >= 0) {
    AVStream *track = format->streams[stream];
    codec = avcodec_alloc_context3(decoder);
    avcodec_parameters_to_context(codec, track->codecpar);
    codec->pkt_timebase = track->time_base;
    codec->thread_count = 1;
    result = avcodec_open2(codec, decoder, NULL);
    out->rate = codec->sample_rate;
    out->channels = codec->ch_layout.nb_channels;
    if (out->channels > MAX_CHANNELS) result = -1;
    double seconds = track->duration > 0 ? track->duration * av_q2d(track->time_base) : 0;
    if (result >= 0) result = reserve(out, (size_t)ceil(seconds * out->rate) + 8192);
  }
  while (result >= 0 && av_read_frame(format, packet) >= 0) {
    if (packet->stream_index == stream && avcodec_send_packet(codec, packet) >= 0) result = drain(codec, frame, out);
    av_packet_unref(packet);
  }
  if (result >= 0 && avcodec_send_packet(codec, NULL) >= 0) result = drain(codec, frame, out);
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  avformat_close_input(&format);
  return result;
}

// The value of a member, in place; the line is cut up.
static char *member(char *line, const char *name) {
  char key[32];
  snprintf(key, sizeof key, "\"%s\":\"", name);
  char *start = strstr(line, key);
  return start ? start + strlen(key) : NULL;
}

int main(void) {
  av_log_set_level(AV_LOG_ERROR);
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char *file = member(line, "file"), *dump = member(line, "dump");
    if (file) *strchr(file, '"') = 0;
    if (dump) *strchr(dump, '"') = 0;
    struct samples out = {0};
    double start = now_ms();
    int result = file ? decode(file, &out) : -1;
    double took = now_ms() - start;
    FILE *target = result >= 0 && dump ? fopen(dump, "wb") : NULL;
    for (int channel = 0; target && channel < out.channels; channel++)
      fwrite(out.plane[channel], sizeof(float), out.frames, target);
    if (target) fclose(target);
    if (result < 0) printf("{\"ok\":false,\"error\":\"FFmpeg's libraries gave up: %d\"}\n", result);
    else
      printf("{\"ok\":true,\"value\":{\"ms\":%.3f,\"frames\":%zu,\"channels\":%d,\"sampleRate\":%d}}\n", took, out.frames,
             out.channels, out.rate);
    fflush(stdout);
    for (int channel = 0; channel < MAX_CHANNELS; channel++) free(out.plane[channel]);
  }
  free(line);
  return 0;
}
