/* A native function that does nothing: the least that a call from JavaScript costs. Declares the little of Node-API that it needs. */
#include <stddef.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
extern int napi_create_function(napi_env, const char *name, size_t len, napi_callback, void *data, napi_value *result);
extern int napi_set_named_property(napi_env, napi_value object, const char *name, napi_value);
napi_value napi_register_module_v1(napi_env env, napi_value exports);

static napi_value empty(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  return NULL;
}

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  if (napi_create_function(env, "empty", 5, empty, NULL, &function) != 0) return NULL;
  return napi_set_named_property(env, exports, "empty", function) == 0 ? exports : NULL;
}
