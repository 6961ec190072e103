import jsonschema

schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 1}}}


async def run(_ctx, _payload):
    errors = jsonschema.Draft202012Validator(schema).iter_errors({"id": 0})
    return [error.message for error in errors]
