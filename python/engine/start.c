#include "start.h"

#include <string.h>

#include "frozen.h" // `frozen_modules`: what is imported before the archive can be read
#include "host.h"
#include "module.h"

struct runtime runtime;

// Ends the build with what went wrong: the builder shows what is passed to `fail`.
static _Noreturn void give_up(const char *step) {
  if (PyErr_Occurred()) {
    PyErr_Print();
    PyErr_Clear();
  }
  host_fail(step, strlen(step));
  __builtin_trap();
}

static void set_text(PyConfig *config, wchar_t **member, const wchar_t *text) {
  if (PyStatus_Exception(PyConfig_SetString(config, member, text))) give_up("Cannot configure Python");
}

// Isolated: no environment, no files, no `site`. The hash seed is fixed, because an image is made once for all
// executions; fuel bounds what colliding keys can cost.
static void start_python(void) {
  PyPreConfig preconfig;
  PyPreConfig_InitIsolatedConfig(&preconfig);
  preconfig.utf8_mode = 1;
  preconfig.configure_locale = 0;
  PyStatus status = Py_PreInitialize(&preconfig);
  if (PyStatus_Exception(status)) give_up(status.err_msg);

  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.site_import = 0;
  config.write_bytecode = 0;
  config.install_signal_handlers = 0;
  config.pathconfig_warnings = 0;
  config.buffered_stdio = 0;
  config.module_search_paths_set = 1;
  set_text(&config, &config.filesystem_encoding, L"utf-8");
  set_text(&config, &config.filesystem_errors, L"surrogateescape");
  set_text(&config, &config.stdlib_dir, L"/lib");
  set_text(&config, &config.program_name, L"python");
  set_text(&config, &config.executable, L"");
  set_text(&config, &config.base_executable, L"");
  wchar_t **roots[] = {&config.home, &config.prefix, &config.exec_prefix, &config.base_prefix, &config.base_exec_prefix};
  for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) set_text(&config, roots[i], L"/");
  status = Py_InitializeFromConfig(&config);
  if (PyStatus_Exception(status)) give_up(status.err_msg);
  PyConfig_Clear(&config);
}

static PyObject *import(const char *name) {
  PyObject *module = PyImport_ImportModule(name);
  if (module == NULL) give_up(name);
  return module;
}

static PyObject *function_of(PyObject *module, const char *name) {
  PyObject *function = PyObject_GetAttrString(module, name);
  if (function == NULL) give_up(name);
  return function;
}

__attribute__((export_name("duranium_start"))) void duranium_start(void) {
  PyImport_AppendInittab("_duranium", create_duranium_module);
  PyImport_FrozenModules = frozen_modules;
  start_python();
  import("_duranium_boot");
  PyObject *module = import("_duranium_runtime");
  runtime = (struct runtime){
      .evaluate = function_of(module, "evaluate"),
      .declarations = function_of(module, "declarations"),
      .extend = function_of(module, "extend"),
      .run = function_of(module, "run"),
      .settle = function_of(module, "settle"),
      .cancel = function_of(module, "cancel"),
  };
}
