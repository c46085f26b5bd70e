// Functions of TensorFlow, built operation by operation from JavaScript: what a training step did one call at a time
// becomes one call. Compiled into TensorFlow.js's addon beside its own two files; the lines that join them are in
// src/main/runtime/addon.ts. Errors are thrown as JavaScript errors with TensorFlow's own words.

#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tf_auto_status.h"
#include "tf_auto_tensor.h"
#include "tfjs_backend.h"
#include "utils.h"

namespace tfnodejs {

namespace {

// The list of operations of one graph in the order in which they were added: JavaScript knows them by their index.
struct StepGraph {
  TF_Graph *graph = TF_NewGraph();
  std::vector<TF_Operation *> operations;
  ~StepGraph() { TF_DeleteGraph(graph); }
};

// A function does not need the graph it was made of.
std::vector<std::unique_ptr<StepGraph>> graphs;

bool GetArguments(napi_env env, napi_callback_info info, size_t count, napi_value *args) {
  size_t argc = count;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, nullptr, nullptr), false);
  if (argc < count) NAPI_THROW_ERROR(env, "Expected %zu arguments, found %zu", count, argc);
  return argc >= count;
}

bool GetInt(napi_env env, napi_value value, int32_t *result) {
  ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, value, result), false);
  return true;
}

bool GetInts(napi_env env, napi_value array, std::vector<int32_t> *result) {
  uint32_t length;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_array_length(env, array, &length), false);
  result->resize(length);
  for (uint32_t at = 0; at < length; at++) {
    napi_value element;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_element(env, array, at, &element), false);
    if (!GetInt(env, element, &(*result)[at])) return false;
  }
  return true;
}

bool GetShape(napi_env env, napi_value array, std::vector<int64_t> *result) {
  ExtractArrayShape(env, array, result);
  return !IsExceptionPending(env);
}

StepGraph *GetGraph(napi_env env, napi_value value) {
  int32_t at;
  if (!GetInt(env, value, &at)) return nullptr;
  if (at < 0 || static_cast<size_t>(at) >= graphs.size() || !graphs[at]) {
    NAPI_THROW_ERROR(env, "There is no graph %d", at);
    return nullptr;
  }
  return graphs[at].get();
}

// Pairs of operation and output.
bool GetOutputs(napi_env env, StepGraph *step, const std::vector<int32_t> &pairs, std::vector<TF_Output> *result) {
  for (size_t at = 0; at + 1 < pairs.size(); at += 2) {
    if (pairs[at] < 0 || static_cast<size_t>(pairs[at]) >= step->operations.size()) {
      NAPI_THROW_ERROR(env, "There is no operation %d in the graph", pairs[at]);
      return false;
    }
    result->push_back({step->operations[pairs[at]], pairs[at + 1]});
  }
  return true;
}

bool GetNamed(napi_env env, napi_value object, const char *name, napi_value *result) {
  ENSURE_NAPI_OK_RETVAL(env, napi_get_named_property(env, object, name, result), false);
  return true;
}

// The kinds of attributes that TensorFlow.js's kernels use, one value or a list of integers.
bool SetAttribute(napi_env env, TF_OperationDescription *description, napi_value attribute) {
  napi_value name_value, type_value, value;
  std::string name;
  int32_t type;
  if (!GetNamed(env, attribute, "name", &name_value) || !GetNamed(env, attribute, "type", &type_value) ||
      !GetNamed(env, attribute, "value", &value) || !GetInt(env, type_value, &type)) {
    return false;
  }
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, name_value, name), false);
  bool is_list;
  ENSURE_NAPI_OK_RETVAL(env, napi_is_array(env, value, &is_list), false);
  switch (type) {
    case TF_ATTR_STRING: {
      std::string text;
      ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, value, text), false);
      TF_SetAttrString(description, name.c_str(), text.data(), text.size());
      return true;
    }
    case TF_ATTR_INT: {
      std::vector<int64_t> numbers;
      if (is_list) {
        if (!GetShape(env, value, &numbers)) return false;
        TF_SetAttrIntList(description, name.c_str(), numbers.data(), static_cast<int>(numbers.size()));
        return true;
      }
      int64_t number;
      ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int64(env, value, &number), false);
      TF_SetAttrInt(description, name.c_str(), number);
      return true;
    }
    case TF_ATTR_FLOAT: {
      double number;
      ENSURE_NAPI_OK_RETVAL(env, napi_get_value_double(env, value, &number), false);
      TF_SetAttrFloat(description, name.c_str(), static_cast<float>(number));
      return true;
    }
    case TF_ATTR_BOOL: {
      bool flag;
      ENSURE_NAPI_OK_RETVAL(env, napi_get_value_bool(env, value, &flag), false);
      TF_SetAttrBool(description, name.c_str(), flag ? 1 : 0);
      return true;
    }
    case TF_ATTR_TYPE: {
      int32_t dtype;
      if (!GetInt(env, value, &dtype)) return false;
      TF_SetAttrType(description, name.c_str(), static_cast<TF_DataType>(dtype));
      return true;
    }
    case TF_ATTR_SHAPE: {
      std::vector<int64_t> shape;
      if (!GetShape(env, value, &shape)) return false;
      TF_SetAttrShape(description, name.c_str(), shape.data(), static_cast<int>(shape.size()));
      return true;
    }
    default:
      NAPI_THROW_ERROR(env, "Attribute %s is of a kind that a function cannot have", name.c_str());
      return false;
  }
}

// Each element is [operation, output] or, for an argument that takes a list, a list of several such pairs.
bool AddInputs(napi_env env, StepGraph *step, TF_OperationDescription *description, napi_value inputs) {
  uint32_t count;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_array_length(env, inputs, &count), false);
  for (uint32_t at = 0; at < count; at++) {
    napi_value element, is_list_value, pairs_value;
    bool is_list;
    std::vector<int32_t> pairs;
    std::vector<TF_Output> outputs;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_element(env, inputs, at, &element), false);
    if (!GetNamed(env, element, "list", &is_list_value) || !GetNamed(env, element, "pairs", &pairs_value)) return false;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_value_bool(env, is_list_value, &is_list), false);
    if (!GetInts(env, pairs_value, &pairs) || !GetOutputs(env, step, pairs, &outputs)) return false;
    if (is_list) {
      TF_AddInputList(description, outputs.data(), static_cast<int>(outputs.size()));
    } else {
      TF_AddInput(description, outputs[0]);
    }
  }
  return true;
}

// {shape, dtype} of one output; shape is null where TensorFlow cannot tell it beforehand.
napi_value DescribeOutput(napi_env env, TF_Graph *graph, TF_Output output) {
  TF_AutoStatus status;
  napi_value result, shape_value, dtype_value;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_object(env, &result), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_create_int32(env, TF_OperationOutputType(output), &dtype_value), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, result, "dtype", dtype_value), nullptr);
  int rank = TF_GraphGetTensorNumDims(graph, output, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  bool is_known = rank >= 0;
  std::vector<int64_t> shape(is_known ? rank : 0);
  if (is_known && rank > 0) {
    TF_GraphGetTensorShape(graph, output, shape.data(), rank, status.status);
    ENSURE_TF_OK_RETVAL(env, status, nullptr);
  }
  for (int64_t size : shape) is_known = is_known && size >= 0;
  if (is_known) {
    ENSURE_NAPI_OK_RETVAL(env, napi_create_array_with_length(env, shape.size(), &shape_value), nullptr);
    for (size_t at = 0; at < shape.size(); at++) {
      napi_value size;
      ENSURE_NAPI_OK_RETVAL(env, napi_create_int64(env, shape[at], &size), nullptr);
      ENSURE_NAPI_OK_RETVAL(env, napi_set_element(env, shape_value, at, size), nullptr);
    }
  } else {
    ENSURE_NAPI_OK_RETVAL(env, napi_get_null(env, &shape_value), nullptr);
  }
  ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, result, "shape", shape_value), nullptr);
  return result;
}

std::string NextName(StepGraph *step) { return "o" + std::to_string(step->operations.size()); }

// () => graph
napi_value NewGraph(napi_env env, napi_callback_info info) {
  napi_value result;
  graphs.push_back(std::make_unique<StepGraph>());
  ENSURE_NAPI_OK_RETVAL(env, napi_create_int32(env, graphs.size() - 1, &result), nullptr);
  return result;
}

// (graph)
napi_value DeleteGraph(napi_env env, napi_callback_info info) {
  napi_value args[1];
  int32_t at;
  if (!GetArguments(env, info, 1, args) || !GetGraph(env, args[0]) || !GetInt(env, args[0], &at)) return nullptr;
  graphs[at].reset();
  return nullptr;
}

// (graph, dtype, shape): what the function is given.
napi_value AddArgument(napi_env env, napi_callback_info info) {
  napi_value args[3];
  int32_t dtype;
  std::vector<int64_t> shape;
  if (!GetArguments(env, info, 3, args)) return nullptr;
  StepGraph *step = GetGraph(env, args[0]);
  if (!step || !GetInt(env, args[1], &dtype) || !GetShape(env, args[2], &shape)) return nullptr;
  TF_AutoStatus status;
  TF_OperationDescription *description = TF_NewOperation(step->graph, "Placeholder", NextName(step).c_str());
  TF_SetAttrType(description, "dtype", static_cast<TF_DataType>(dtype));
  TF_SetAttrShape(description, "shape", shape.data(), static_cast<int>(shape.size()));
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  step->operations.push_back(operation);
  return nullptr;
}

// (graph, shape, values: Int32Array): numbers that are the same at every call, as shapes and axes are.
napi_value AddConstant(napi_env env, napi_callback_info info) {
  napi_value args[3];
  std::vector<int64_t> shape;
  if (!GetArguments(env, info, 3, args)) return nullptr;
  StepGraph *step = GetGraph(env, args[0]);
  if (!step || !GetShape(env, args[1], &shape)) return nullptr;
  napi_typedarray_type type;
  size_t length;
  void *data;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_typedarray_info(env, args[2], &type, &length, &data, nullptr, nullptr), nullptr);
  TF_AutoStatus status;
  TF_AutoTensor tensor(TF_AllocateTensor(TF_INT32, shape.data(), static_cast<int>(shape.size()), length * 4));
  memcpy(TF_TensorData(tensor.tensor), data, length * 4);
  TF_OperationDescription *description = TF_NewOperation(step->graph, "Const", NextName(step).c_str());
  TF_SetAttrType(description, "dtype", TF_INT32);
  TF_SetAttrTensor(description, "value", tensor.tensor, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  step->operations.push_back(operation);
  return nullptr;
}

// (graph, name, attributes, inputs, operations to wait for) => {shape, dtype} of each output. On an error the graph is
// as it was.
napi_value AddOperation(napi_env env, napi_callback_info info) {
  napi_value args[5];
  std::string name;
  std::vector<int32_t> controls;
  uint32_t attribute_count;
  if (!GetArguments(env, info, 5, args)) return nullptr;
  StepGraph *step = GetGraph(env, args[0]);
  if (!step) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, args[1], name), nullptr);
  if (!GetInts(env, args[4], &controls)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_array_length(env, args[2], &attribute_count), nullptr);
  TF_AutoStatus status;
  TF_OperationDescription *description = TF_NewOperation(step->graph, name.c_str(), NextName(step).c_str());
  bool is_right = AddInputs(env, step, description, args[3]);
  for (uint32_t at = 0; is_right && at < attribute_count; at++) {
    napi_value attribute;
    is_right = napi_get_element(env, args[2], at, &attribute) == napi_ok && SetAttribute(env, description, attribute);
  }
  for (int32_t before : controls) {
    is_right = is_right && before >= 0 && static_cast<size_t>(before) < step->operations.size();
    if (is_right) TF_AddControlInput(description, step->operations[before]);
  }
  // Also gives the description back, whether it is right or not.
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  if (!is_right) return nullptr;
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  step->operations.push_back(operation);
  napi_value result;
  int count = TF_OperationNumOutputs(operation);
  ENSURE_NAPI_OK_RETVAL(env, napi_create_array_with_length(env, count, &result), nullptr);
  for (int at = 0; at < count; at++) {
    napi_value output = DescribeOutput(env, step->graph, {operation, at});
    if (!output) return nullptr;
    ENSURE_NAPI_OK_RETVAL(env, napi_set_element(env, result, at, output), nullptr);
  }
  return result;
}

// (graph, operation, shape): the shape of its first output, where only the caller knows it.
napi_value SetShape(napi_env env, napi_callback_info info) {
  napi_value args[3];
  int32_t at;
  std::vector<int64_t> shape;
  if (!GetArguments(env, info, 3, args)) return nullptr;
  StepGraph *step = GetGraph(env, args[0]);
  if (!step || !GetInt(env, args[1], &at) || !GetShape(env, args[2], &shape)) return nullptr;
  std::vector<TF_Output> outputs;
  if (!GetOutputs(env, step, {at, 0}, &outputs)) return nullptr;
  TF_AutoStatus status;
  TF_GraphSetTensorShape(step->graph, outputs[0], shape.data(), static_cast<int>(shape.size()), status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  return nullptr;
}

}  // namespace

// The one place that needs the addon's own context.
class StepFunctions {
 public:
  // (graph, name, arguments, outputs as pairs, operations that happen at every call): from then on an operation of
  // this name can be executed like TensorFlow's own.
  static napi_value Define(napi_env env, napi_callback_info info) {
    napi_value args[5];
    std::string name;
    std::vector<int32_t> arguments, pairs, always;
    std::vector<TF_Output> inputs, outputs;
    TFJSBackend *backend = nullptr;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_instance_data(env, reinterpret_cast<void **>(&backend)), nullptr);
    if (!backend || !GetArguments(env, info, 5, args)) return nullptr;
    StepGraph *step = GetGraph(env, args[0]);
    if (!step) return nullptr;
    ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, args[1], name), nullptr);
    if (!GetInts(env, args[2], &arguments) || !GetInts(env, args[3], &pairs) || !GetInts(env, args[4], &always)) {
      return nullptr;
    }
    std::vector<int32_t> argument_pairs;
    for (int32_t argument : arguments) argument_pairs.insert(argument_pairs.end(), {argument, 0});
    if (!GetOutputs(env, step, argument_pairs, &inputs) || !GetOutputs(env, step, pairs, &outputs)) return nullptr;
    std::vector<const TF_Operation *> controls;
    for (int32_t at : always) controls.push_back(step->operations[at]);
    TF_AutoStatus status;
    TF_Function *function = TF_GraphToFunctionWithControlOutputs(
        step->graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
        static_cast<int>(outputs.size()), outputs.data(), nullptr, static_cast<int>(controls.size()), controls.data(),
        nullptr, nullptr, nullptr, status.status);
    ENSURE_TF_OK_RETVAL(env, status, nullptr);
    TFE_ContextAddFunction(backend->tfe_context_, function, status.status);
    TF_DeleteFunction(function);
    ENSURE_TF_OK_RETVAL(env, status, nullptr);
    return nullptr;
  }
};

void RegisterStepFunctions(napi_env env, napi_value exports) {
  const std::pair<const char *, napi_callback> functions[] = {
      {"newGraph", NewGraph},         {"deleteGraph", DeleteGraph},   {"addArgument", AddArgument},
      {"addConstant", AddConstant},   {"addOperation", AddOperation}, {"setShape", SetShape},
      {"defineFunction", StepFunctions::Define},
  };
  for (const auto &[name, callback] : functions) {
    napi_value function;
    ENSURE_NAPI_OK(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function));
    ENSURE_NAPI_OK(env, napi_set_named_property(env, exports, name, function));
  }
}

}  // namespace tfnodejs
