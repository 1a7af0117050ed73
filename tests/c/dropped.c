/* Drops a result, of which a compiler warns. */
#include <mjwt.h>

int main(void) {
  mjwt_claims_new(0);
  return 0;
}
