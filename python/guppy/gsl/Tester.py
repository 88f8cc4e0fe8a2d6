"""Tests: a Python module that takes objects claimed to be of a kind and does with them what the kind allows."""

import itertools
import re
import time

from .Errors import SpecError
from .Package import OPERATORS, Attribute, argument_of, repetitions

__all__ = ["TesterWriter"]

MOST_COMBINATIONS = 1000  # of the arguments of one call
MOST_REPETITIONS = 2  # beyond the least
MOST_STEPS = 10  # on a way through objects
MOST_LINES = 100000  # of one test function


class Value:
    """An argument of one call: how it is written, and what its name stands for in conditions."""

    def __init__(self, name, text, keyword=False):
        self.name, self.text = name, text
        self.is_keyword = keyword
        self.written = "%s=%s" % (name, text) if keyword else text


class TestFunction:
    """The body of one test function."""

    def __init__(self, package, subject, coverage, node):
        self.package, self.subject = package, subject
        self.context, self.lines, self.indent = [], [], 2
        self.count = self.saved = 0
        self.most = self.most_steps = None
        words = coverage.split()
        if words[:1] == ["length"] and words[1:] and words[1].isdecimal():
            self.most_steps = min(int(words[1]), MOST_STEPS)
        elif coverage.isdecimal():
            self.most = min(int(coverage), MOST_STEPS)
        else:
            raise SpecError("coverage: a number, or length and a number, not %r" % coverage, node)

    def emit(self, text):
        if len(self.lines) == MOST_LINES:
            raise SpecError("Test coverage error: more than %d lines of tests." % MOST_LINES, self.subject.node)
        self.lines.append("    " * self.indent + text)

    def new_name(self):
        self.count += 1
        return "t%d" % (self.count - 1)

    # -- values

    def values(self, kind, node):
        """Texts of values of a kind."""
        examples = self.package.lookup(kind, node).all_examples() if kind else []
        if not examples:
            raise SpecError("Test coverage error: no examples specified.", node)
        for example in examples:
            for context in example.all("in_context"):
                for line in context.arg.strip().splitlines():
                    if line.rstrip() not in self.context:
                        self.context.append(line.rstrip())
        return [example.name for example in examples]

    def combinations(self, nodes):
        """Lists of Values: every way to give these arguments (L-30)."""
        ways = [self.ways(node) for node in nodes]
        chosen = itertools.islice(itertools.product(*ways), MOST_COMBINATIONS)
        return [list(itertools.chain.from_iterable(choice)) for choice in chosen]

    def ways(self, node):
        tag, inner = node.tag, [c for c in node.children if c.tag not in ("description", "comment", "description_with_header")]
        if tag in ("arg", "key_arg"):
            name, kind = argument_of(node)
            return [[Value(name, text, tag == "key_arg")] for text in self.values(kind, node)]
        if tag == "args":
            return self.combinations_of_kinds(node)
        if tag == "no_arg":
            return [[]]
        if tag == "optionals":
            return [way for end in range(len(inner) + 1) for way in self.combinations(inner[:end])]
        if tag == "draw":
            subsets = itertools.chain.from_iterable(itertools.combinations(inner, n) for n in range(len(inner) + 1))
            return [way for subset in subsets for way in self.combinations(subset)]
        if tag == "alt":
            return [way for child in inner for way in self.ways(child)]
        if tag == "repeat":
            least, most = repetitions(node)
            end = least + MOST_REPETITIONS if most is None else min(most, least + MOST_REPETITIONS)
            return [way for times in range(least, end + 1) for way in self.combinations(inner * times)]
        return self.combinations(inner)

    def combinations_of_kinds(self, node):
        choices = [self.values(name, node) for name in node.names]
        return [[Value("", text) for text in choice] for choice in itertools.islice(itertools.product(*choices), MOST_COMBINATIONS)]

    # -- conditions

    def expression(self, condition, self_name, values, result):
        """The Python expression of a condition node, with its arguments put in."""
        is_negated, node, arguments = self.package.condition(condition)
        names = [child.name.partition(":")[0].strip() for child in node.all("self") + node.all("arg")]
        known = {v.name: v.text for v in values} | {"<returned value>": result or "None"}
        given = [known.get(a, self_name if a == self.subject.self_name else a) for a in arguments]
        text = node.text_of("python_code")
        replaced = dict(zip(names, given))
        if replaced:
            pattern = r"(?<![\w.])(%s)(?!\w)" % "|".join(map(re.escape, replaced))
            text = re.sub(pattern, lambda m: replaced[m.group()], text)
        return "not (%s)" % text if is_negated else "(%s)" % text

    def call(self, mapping, statement, self_name, values, steps):
        """One call: its conditions, itself, and what it returns.  statement(result) gives its lines."""
        for condition in mapping.preconditions:
            self.emit("assert " + self.expression(condition, self_name, values, None))
        equations = []
        for equation in mapping.equations:
            for before in equation.all("precondition"):
                self.emit("e%d = %s" % (self.saved, self.expression(before, self_name, values, None)))
                equations.append(("e%d" % self.saved, equation.all("postcondition")))
                self.saved += 1
        result = self.new_name()
        for line in statement(result):
            self.emit(line)
        for condition in mapping.postconditions:
            self.emit("assert " + self.expression(condition, self_name, values, result))
        for saved, conditions in equations:
            for condition in conditions:
                self.emit("assert %s == %s" % (self.expression(condition, self_name, values, result), saved))
        if mapping.returns and mapping.returns != "anything":
            self.exercise_kind(result, mapping.returns, steps)

    # -- objects

    def exercise_kind(self, name, kind, steps):
        found = self.package.lookup(kind, None)
        if not isinstance(found, Attribute):
            self.exercise(name, found, steps)

    def may_step(self, key, steps):
        if self.most_steps is not None:
            return len(steps) < self.most_steps
        return steps.count(key) < self.most

    def exercise(self, name, subject, steps=()):
        """Everything that can be done with the object that a variable holds."""
        attributes = list(subject.all_attributes().values())
        for attribute in attributes:
            if attribute.is_method and self.may_step(attribute.tgt, steps):
                self.call_all(attribute.mapping, name, "%s.%s" % (name, attribute.name), (*steps, attribute.tgt))
        for number, mapping in enumerate(subject.all_mappings()):
            key = "%s %d" % (subject.tgt, number)
            if self.may_step(key, steps):
                self.call_all(mapping, name, name, (*steps, key))
        for attribute in attributes:
            if not attribute.is_method and self.may_step(attribute.tgt, steps):
                self.exercise_attribute(attribute, name, (*steps, attribute.tgt))

    def call_all(self, mapping, name, function, steps):
        for values in self.combinations(mapping.arguments):
            self.call(mapping, lambda result: self.statement(mapping, name, function, values, result), name, values, steps)

    def statement(self, mapping, name, function, values, result):
        tag, sign = mapping.node.tag, mapping.symbol
        if len(values) < OPERATORS.get(tag, (0, 0))[0]:
            raise SpecError("Test coverage error: too few arguments.", mapping.node)
        values = sorted(values, key=lambda v: v.is_keyword)  # as Python wants them
        written = ", ".join(v.written for v in values)
        if tag == "operator":
            return ["%s = %s %s %s" % (result, name, sign, written)]
        if tag == "reverse_operator":
            return ["%s = %s %s %s" % (result, written, sign, name)]
        if tag == "inplace_operator":
            return ["%s = %s" % (result, name), "%s %s %s" % (result, sign, written)]
        if tag == "function_operator":
            return ["%s = %s(%s)" % (result, sign, name)]
        if tag == "getitem":
            return ["%s = %s[%s]" % (result, name, written)]
        if tag == "delitem":
            return ["del %s[%s]" % (name, written), "%s = None" % result]
        if tag == "setitem":
            at = ", ".join(v.written for v in values[:-1])
            return ["%s[%s] = %s" % (name, at, values[-1].written), "%s = None" % result]
        return ["%s = %s(%s)" % (result, function, written)]

    def exercise_attribute(self, attribute, name, steps):
        result = self.new_name()
        self.emit("%s = %s.%s" % (result, name, attribute.name))
        if attribute.mapping:
            self.call_all(attribute.mapping, result, result, steps)
        if attribute.alternatives:
            self.exercise_alternatives(attribute.alternatives, result, steps)
        elif attribute.kind and attribute.kind != "anything":
            self.exercise_kind(result, attribute.kind, steps)

    def exercise_alternatives(self, kinds, name, steps):
        """Of one of several kinds: each is tried, and the last one's failure counts."""
        for kind in kinds[:-1]:
            self.emit("try:")
            self.indent += 1
            count = len(self.lines)
            self.exercise_kind(name, kind, steps)
            if len(self.lines) == count:
                self.emit("pass")
            self.indent -= 1
            self.emit("except Exception:")
            self.indent += 1
        count = len(self.lines)
        self.exercise_kind(name, kinds[-1], steps)
        if len(self.lines) == count:
            self.emit("pass")
        self.indent -= len(kinds) - 1


class TesterWriter:
    """Writes the module with a class Tester: a method for each kind, and Tester.tests by the kind's full name."""

    extension = ".py"

    def __init__(self, package, reporter):
        self.package, self.reporter = package, reporter

    def document(self, node, body, head=()):
        lines = ["# Tests generated by: guppy.gsl.Tester", "# Date: " + time.ctime(), "class Tester:", "    tests = {}"]
        for element in body:
            if isinstance(element, str):
                continue
            subject = element.attributes["subject"]
            name = "test_" + re.sub(r"\W", "_", subject.name)
            at = element.attributes["node"]
            function = self.reporter.catch(TestFunction, self.package, subject, element.attributes["coverage"], at)
            if function is None:
                continue
            self.reporter.catch(function.exercise, "arg", subject)
            if not function.lines:
                self.reporter.warning("Doc2Tester: No tests generated for %r." % subject.tgt)
                function.emit("pass")
            lines.append("    def %s(self, arg):" % name)
            lines += ["        " + line for line in function.context]
            lines += function.lines
            lines.append("    tests[%r] = %s" % (subject.tgt, name))
        return "\n".join(lines) + "\n"
