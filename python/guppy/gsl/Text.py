"""A tree of nodes in a window: what the profile browser's help is shown with."""

__all__ = ["gsltextviewer"]


def gsltextviewer(master, title, text=None, node=None):
    """Open a window with a specification's text, or a tree of it, shown as plain text.

    Needs Tk: ImportError without.  Returns the window.
    """
    import tkinter
    from tkinter.scrolledtext import ScrolledText

    from .SpecNodes import node_of_string

    window = tkinter.Toplevel(master)
    window.title(title)
    view = ScrolledText(window, wrap="word")
    view.insert("1.0", plain_text(node_of_string(text) if node is None else node))
    view.configure(state="disabled")
    view.pack(fill="both", expand=True)
    return window


def plain_text(node):
    """A tree without definitions as text: blocks apart, list items with a dash."""
    from .Document import BLOCKS, elements_of_node

    parts = []

    def write(items):
        for item in items:
            if isinstance(item, str):
                parts.append(item)
                continue
            if item.tag in BLOCKS:
                parts.append("\n" if item.tag in ("li", "dt", "dd", "tr") else "\n\n")
            if item.tag == "li":
                parts.append("- ")
            write(item.children)

    write(elements_of_node(node))
    return "".join(parts).strip() + "\n"
