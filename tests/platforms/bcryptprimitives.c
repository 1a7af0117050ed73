/* Rust's standard library takes random bytes from this DLL, which Windows 10 has and Wine 8 has
 * not. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(unsigned char *bytes, SIZE_T len) {
  return RtlGenRandom(bytes, (ULONG)len);
}
