import markdown

text = """# Title

A *paragraph* with `code` and a [link](https://example.com).

| a | b |
| - | - |
| 1 | 2 |
"""


async def run(_ctx, _payload):
    return [markdown.markdown(text, extensions=["tables", "toc"]), markdown.markdown("<b>x</b> & y")]
