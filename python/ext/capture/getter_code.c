/* SPDX-License-Identifier: MIT */
/*
 * The encoding of instructions: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, 2.1
 * and appendix A.  The first argument comes in rdi, the result goes in rax: System V ABI, AMD64 supplement,
 * 3.2.3.
 */
#include "capture/getter_code.h"

#if defined __x86_64__ && defined __linux__

#include "capture/readable_memory.h"

#include <stdbool.h>
#include <string.h>

enum {
    CODE_SIZE = 128, /* bytes of a function that are looked at */
    STEPS = 64,      /* instructions that are followed, on all ways together */
    RAX = 0,
    RDI = 7,
    REGISTERS = 16,
    THE_CODE = REGISTERS, /* in the place of a register: an address beside the instruction */
    SUM                   /* and one that is the sum of two registers */
};

/* What is known of a register's content: an offset from the object whose word it holds, or one of these. */
enum { NOT_KNOWN = -1, THE_OBJECT = -2 };

typedef struct state {
    const unsigned char *code;
    size_t size, at;
    int *steps_left;
    int32_t registers[REGISTERS];
    int32_t compared; /* the last flags are of whether the word at this offset is NULL, or NOT_KNOWN */
    int32_t present;  /* what is returned is so only where this word is not NULL; NOT_KNOWN: always */
} state;

/* One instruction's operands. */
typedef struct operands {
    bool is_wide, is_memory; /* 64 bits; `base` is of an address */
    int reg, base;           /* base may also be THE_CODE or SUM */
    int32_t displacement;
} operands;

static bool
take_byte(state *s, unsigned char *byte)
{
    if (s->at >= s->size)
        return false;
    *byte = s->code[s->at++];
    return true;
}

static bool
take_number(state *s, size_t width, int32_t *number)
{
    if (s->size - s->at < width)
        return false;
    if (width == 1)
        *number = (signed char)s->code[s->at];
    else
        memcpy(number, s->code + s->at, sizeof *number);
    s->at += width;
    return true;
}

static bool
take_operands(state *s, unsigned char prefix, operands *o)
{
    unsigned char byte, index;
    if (!take_byte(s, &byte))
        return false;
    int mode = byte >> 6, base = byte & 7;
    *o = (operands){prefix >> 3 & 1, mode != 3, (byte >> 3 & 7) | (prefix & 4) << 1, base | (prefix & 1) << 3,
                    0};
    if (mode == 3)
        return true;
    if (mode == 0 && base == 5) { /* from the next instruction on */
        o->base = THE_CODE;
        return take_number(s, 4, &o->displacement);
    }
    if (base == 4) { /* an index besides, unless it is 4 */
        if (!take_byte(s, &index))
            return false;
        bool is_plain = (index >> 3 & 7) == 4 && !(prefix & 2) && !(mode == 0 && (index & 7) == 5);
        if (mode == 0 && (index & 7) == 5)
            mode = 2;
        o->base = is_plain ? (index & 7) | (prefix & 1) << 3 : SUM;
    }
    return mode == 0 || take_number(s, mode == 1 ? 1 : 4, &o->displacement);
}

static int32_t
word_at(const state *s, const operands *o)
{
    bool is_field = o->is_wide && o->base < REGISTERS && s->registers[o->base] == THE_OBJECT;
    return is_field && o->displacement >= 0 ? o->displacement : NOT_KNOWN;
}

/* Only the count of what a field holds may be written, and numbers of the program's own. */
static bool
may_write(const state *s, const operands *o)
{
    if (o->base >= REGISTERS)
        return o->base == THE_CODE;
    return s->registers[o->base] >= 0 && o->displacement == 0;
}

static bool
write_operand(state *s, const operands *o, int32_t value)
{
    if (o->is_memory)
        return may_write(s, o);
    s->registers[o->base] = value;
    return true;
}

static int32_t follow(state *s);

/* Both ways, where it is not known which is taken: they must end alike. */
static int32_t
branch(state *s, unsigned condition, int32_t distance)
{
    enum { EQUAL = 4, NOT_EQUAL = 5 };
    state taken = *s;
    if (distance < 0 ? (size_t)-(int64_t)distance > s->at : (size_t)distance > s->size - s->at)
        return NOT_KNOWN;
    taken.at = s->at + (size_t)(int64_t)distance;
    if (s->compared >= 0) {
        state *other = condition == EQUAL ? s : &taken;
        if (condition != EQUAL && condition != NOT_EQUAL)
            return NOT_KNOWN;
        if (other->present >= 0 && other->present != s->compared)
            return NOT_KNOWN;
        other->present = s->compared;
        other->compared = NOT_KNOWN;
        return follow(other);
    }
    int32_t result = follow(&taken);
    return result >= 0 && follow(s) == result ? result : NOT_KNOWN;
}

/* Add, subtract, count up: what they give is not known. */
static bool
change_operand(state *s, const operands *o)
{
    s->compared = NOT_KNOWN;
    return write_operand(s, o, NOT_KNOWN);
}

/* An operation with a number of `width` bytes. */
static bool
number_operation(state *s, unsigned char prefix, size_t width)
{
    operands o;
    int32_t number;
    enum { COMPARE = 7 };
    if (!take_operands(s, prefix, &o) || !take_number(s, width, &number))
        return false;
    if ((o.reg & 7) != COMPARE)
        return change_operand(s, &o);
    int32_t word = !o.is_memory && o.is_wide ? s->registers[o.base]
                   : o.is_memory             ? word_at(s, &o)
                                             : NOT_KNOWN;
    s->compared = number == 0 && word >= 0 ? word : NOT_KNOWN;
    return true;
}

/* An instruction that is no jump.  False: it is not known. */
static bool
operation(state *s, unsigned char prefix, unsigned char opcode)
{
    operands o;
    if (opcode >> 4 == 5) { /* push, pop */
        if (opcode & 8)
            s->registers[(opcode & 7) | (prefix & 1) << 3] = NOT_KNOWN;
        return true;
    }
    if (opcode == 0x90)
        return true;
    if (opcode == 0x05 || opcode == 0x3d) { /* add to eax, compare eax, with a number */
        int32_t number;
        s->compared = NOT_KNOWN;
        if (opcode == 0x05)
            s->registers[RAX] = NOT_KNOWN;
        return take_number(s, 4, &number);
    }
    if (opcode == 0x83)
        return number_operation(s, prefix, 1);
    if (opcode == 0x81)
        return number_operation(s, prefix, 4);
    switch (opcode) {
    case 0x8b: /* mov to register */
        if (!take_operands(s, prefix, &o))
            return false;
        s->registers[o.reg] = o.is_memory ? word_at(s, &o) : o.is_wide ? s->registers[o.base] : NOT_KNOWN;
        return true;
    case 0x89: /* mov from register */
        return take_operands(s, prefix, &o) &&
               write_operand(s, &o, o.is_wide ? s->registers[o.reg] : NOT_KNOWN);
    case 0x8d: /* lea */
        if (!take_operands(s, prefix, &o))
            return false;
        s->registers[o.reg] = NOT_KNOWN;
        return true;
    case 0x85: /* test */
        if (!take_operands(s, prefix, &o))
            return false;
        s->compared = !o.is_memory && o.is_wide && o.reg == o.base ? s->registers[o.reg] : NOT_KNOWN;
        return true;
    case 0x01: /* add, xor */
    case 0x31:
        return take_operands(s, prefix, &o) && change_operand(s, &o);
    case 0xff:
        return take_operands(s, prefix, &o) && (o.reg & 7) == 0 && change_operand(s, &o); /* inc */
    default:
        return false;
    }
}

/* What stands before an instruction: the mark of a function's begin, which does nothing, or a REX byte. */
static bool
take_prefix(state *s, unsigned char *prefix)
{
    static const unsigned char begin[] = {0xf3, 0x0f, 0x1e, 0xfa}; /* endbr64 */
    if (s->size - s->at >= sizeof begin && !memcmp(s->code + s->at, begin, sizeof begin))
        s->at += sizeof begin;
    *prefix = 0;
    if (s->at < s->size && s->code[s->at] >> 4 == 4)
        *prefix = s->code[s->at++];
    return true;
}

static int32_t
follow(state *s)
{
    unsigned char prefix, opcode;
    int32_t distance;
    while ((*s->steps_left)-- > 0 && take_prefix(s, &prefix) && take_byte(s, &opcode)) {
        size_t width = 1;
        if (opcode ==
            0x0f) { /* the jumps over more than a byte's distance are the only ones known of these */
            if (!take_byte(s, &opcode) || opcode >> 4 != 8)
                return NOT_KNOWN;
            opcode = 0x70 | (opcode & 0xf);
            width = 4;
        }
        if (opcode >> 4 == 7)
            return take_number(s, width, &distance) ? branch(s, opcode & 0xf, distance) : NOT_KNOWN;
        switch (opcode) {
        case 0xc3: /* ret */
            if (s->present >= 0 && s->present != s->registers[RAX])
                return NOT_KNOWN;
            return s->registers[RAX];
        case 0xe9: /* jmp */
        case 0xeb:
            if (!take_number(s, opcode == 0xe9 ? 4 : 1, &distance))
                return NOT_KNOWN;
            if (distance < 0 || (size_t)distance > s->size - s->at)
                return NOT_KNOWN;
            s->at += (size_t)distance;
            break;
        default:
            if (!operation(s, prefix, opcode))
                return NOT_KNOWN;
        }
    }
    return NOT_KNOWN;
}

Py_ssize_t
getter_code_offset(getter function)
{
    unsigned char code[CODE_SIZE];
    int steps = STEPS;
    if (!function)
        return -1;
    Py_ssize_t size = readable_memory_copy((const void *)(uintptr_t)function, code, sizeof code);
    if (size <= 0)
        return -1;
    state s = {.code = code,
               .size = (size_t)size,
               .steps_left = &steps,
               .compared = NOT_KNOWN,
               .present = NOT_KNOWN};
    for (size_t i = 0; i < REGISTERS; i++)
        s.registers[i] = NOT_KNOWN;
    s.registers[RDI] = THE_OBJECT;
    int32_t offset = follow(&s);
    return offset >= 0 ? offset : -1;
}

#else

Py_ssize_t
getter_code_offset(getter function)
{
    (void)function;
    return -1;
}

#endif
