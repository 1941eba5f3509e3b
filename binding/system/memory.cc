#include "binding/system/memory.h"

#if defined(_WIN32)
#include <windows.h>
// After windows.h.
#include <psapi.h>
#elif defined(__APPLE__)
#include <mach/mach.h>
#include <unistd.h>
#else
#include <unistd.h>

#include <fstream>
#include <string>
#endif

namespace hfbench::system {

#if defined(_WIN32)

MemoryUse ProcessMemory() {
  PROCESS_MEMORY_COUNTERS counters = {};
  if (!K32GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters)) return {0, 0};
  return {counters.WorkingSetSize, counters.PeakWorkingSetSize};
}

size_t PageBytes() {
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwPageSize;
}

#else

#if defined(__APPLE__)
MemoryUse ProcessMemory() {
  mach_task_basic_info info = {};
  mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
  if (task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &count) != KERN_SUCCESS) {
    return {0, 0};
  }
  return {info.resident_size, info.resident_size_max};
}
#else
/// From /proc/self/status: getrusage's ru_maxrss would also count what the parent had resident before exec.
MemoryUse ProcessMemory() {
  MemoryUse use{0, 0};
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) use.current_bytes = std::stoull(line.substr(6)) * 1024;
    if (line.rfind("VmHWM:", 0) == 0) use.peak_bytes = std::stoull(line.substr(6)) * 1024;
  }
  return use;
}
#endif

size_t PageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

#endif

}  // namespace hfbench::system
