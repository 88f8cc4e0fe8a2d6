"""What the command languages of the monitor and of the Annex have in common: a table of commands, and help on it."""

HEADER = "Documented commands (type help <topic>):"


def overview(commands):
    """The list of commands in columns."""
    width = max(map(len, commands)) + 2
    across = max(1, 79 // width)
    names = sorted(commands)
    rows = -(-len(names) // across)
    if sum(len(name) + 2 for name in names) <= 80:
        lines = ["  ".join(names)]
    else:
        lines = ["".join(name.ljust(width) for name in names[row::rows]).rstrip() for row in range(rows)]
    return "%s\n%s\n%s\n" % (HEADER, "=" * len(HEADER), "\n".join(lines))


def help_on(commands, topic):
    """The text of a command, or the overview without one."""
    if not topic:
        return overview(commands)
    if topic in commands:
        return commands[topic] + "\n"
    return "*** No help on %s\n" % topic


def unknown(commands, line):
    return "Unknown syntax: %s\n%s" % (line, overview(commands))
