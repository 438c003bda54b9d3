/*
 * Node-API 10 lets a persistent reference hold a string; better-sqlite3 needs that and nothing else of it.
 * For runtimes with Node-API 9 a string is put into a tagged object first, and taken out again when asked for.
 */
#pragma once
#include <node_api.h>

static const napi_type_tag spacepanda_boxed_string = {0x7e8a4d1c5b2f4093ULL, 0x9c61f0b3a7d24e58ULL};

static inline napi_status spacepanda_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result) {
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (type != napi_string) return napi_create_reference(env, value, count, result);
  napi_value box;
  if ((status = napi_create_object(env, &box)) != napi_ok) return status;
  if ((status = napi_set_element(env, box, 0, value)) != napi_ok) return status;
  if ((status = napi_type_tag_object(env, box, &spacepanda_boxed_string)) != napi_ok) return status;
  return napi_create_reference(env, box, count, result);
}

static inline napi_status spacepanda_get_reference_value(napi_env env, napi_ref ref, napi_value *result) {
  napi_value held;
  napi_status status = napi_get_reference_value(env, ref, &held);
  if (status != napi_ok) return status;
  *result = held;
  if (held == NULL) return napi_ok;
  napi_valuetype type;
  if ((status = napi_typeof(env, held, &type)) != napi_ok) return status;
  if (type != napi_object) return napi_ok;
  bool boxed = false;
  if ((status = napi_check_object_type_tag(env, held, &spacepanda_boxed_string, &boxed)) != napi_ok) return status;
  return boxed ? napi_get_element(env, held, 0, result) : napi_ok;
}

#define napi_create_reference spacepanda_create_reference
#define napi_get_reference_value spacepanda_get_reference_value
