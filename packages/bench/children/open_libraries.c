// Opens the libraries that its arguments name and prints by how many bytes the process's peak memory has grown.
#include <dlfcn.h>
#include <stdio.h>

// VmHWM, as in peak-memory.mjs: `getrusage` begins with the parent's peak.
static long peak_kib(void) {
  FILE *status = fopen("/proc/self/status", "r");
  char line[256];
  long kib = 0;
  while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld kB", &kib);
  if (status) fclose(status);
  return kib;
}

int main(int count, char **names) {
  long before = peak_kib();
  for (int i = 1; i < count; i++) {
    if (dlopen(names[i], RTLD_LAZY | RTLD_LOCAL)) continue;
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  printf("%ld\n", 1024 * (peak_kib() - before));
  return 0;
}
