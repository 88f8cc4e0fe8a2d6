"""Stats as plain data, and pickled."""

import io

__all__ = ["as_dict", "reduced", "restored"]


def as_dict(stat):
    """The numbers and names of a stat as dicts and lists (Stat.to_dict)."""
    data = {"time": stat.timemade, "header": stat.kindheader, "count": stat.count, "size": stat.size}
    if stat.format_name == "DiffFormat":
        data.update(before_count=stat.b_count, before_size=stat.b_size)
    data["rows"] = [
        {"index": row.index, "count": row.count, "size": row.size, "cumulative": row.cumulsize, "kind": row.name.strip()}
        for row in stat.rows
    ]
    return data


def reduced(stat):
    """What a stat is in a pickle: the text that dump() writes of it (Stat.__reduce__)."""
    text = io.StringIO()
    stat.dump(text)
    return restored, (text.getvalue(),)


def restored(text):
    """The stat of a pickle."""
    from .. import hpy

    return hpy().load(io.StringIO(text))
