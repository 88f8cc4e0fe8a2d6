/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <string.h>

const option_row option_table[OPTION_COUNT] = {
    [OPTION_BY] =
        {"by", 0, "RELATION", "type,clodo,module,size,rcs,via,id,unity",
         "what the rows are by: type, clodo (type, or of an attribute dict that of its owner), module, size, "
         "rcs (kinds of referrers), via (names of references), id (each object), unity (all alike); several "
         "joined by &"},
    [OPTION_RETAINED] = {"retained", 0, NULL, NULL,
                         "what each row retains: the bytes that would be freed with it"},
    [OPTION_SORT] = {"sort", 0, "COLUMN", "size,count,retained,largest",
                     "the order of the rows, largest first"},
    [OPTION_TYPE] = {"type", 0, "NAME", NULL,
                     "objects of this type alone; in place of OBJECT the one of the type that retains most"},
    [OPTION_NEW] = {"new", 0, NULL, NULL,
                    "new objects alone: made since the reference point, or of diff, not in BEFORE"},
    [OPTION_FROM] = {"from", 0, "OBJECT", NULL, "where paths begin, in place of the root"},
    [OPTION_AVOID] = {"avoid", 0, "TYPE", NULL, "objects of this type are on no path"},
    [OPTION_DEPTH] = {"depth", 0, "N", NULL, "how many levels are shown"},
    [OPTION_IMDOM] = {"imdom", 0, NULL, NULL, "immediate dominators in place of referrers"},
    [OPTION_MIN] = {"min", 0, "BYTES", NULL, "only what retains as much; K, M, G and T are powers of 1024"},
    [OPTION_FAIL_IF] = {"fail-if", 0, "CONDITION", NULL,
                        "end with status 3 if this SQL condition holds of a row; may be repeated"},
    [OPTION_FILE] = {"file", 'f', "FILE", NULL, "read the statement from a file"},
    [OPTION_PARAM] = {"param", 0, "NAME=VALUE", NULL, "the value of a parameter :NAME; may be repeated"},
    [OPTION_CSV] = {"csv", 0, NULL, NULL, "rows as comma-separated values"},
    [OPTION_TSV] = {"tsv", 0, NULL, NULL, "rows with tabs between columns"},
    [OPTION_TIMEOUT] = {"timeout", 0, "SECONDS", NULL, "give up after so long"},
    [OPTION_OUTPUT] = {"output", 'o', "OUT", NULL, "where to write; - is standard output"},
    [OPTION_OBJECTS] = {"objects", 0, NULL, NULL, "the objects"},
    [OPTION_EDGES] = {"edges", 0, NULL, NULL, "the references"},
    [OPTION_AROUND] = {"around", 0, "OBJECT", NULL, "the object in the middle"},
    [OPTION_HOPS] = {"hops", 0, "N", NULL, "how many references away from it"},
    [OPTION_COMPRESS] = {"compress", 0, "HOW", "zstd,none", "how columns are stored"},
    [OPTION_CONTENTS] =
        {"contents", 0, "WHAT", "names,none",
         "leave out what objects hold: names keeps what stands in source code, none keeps no text"},
    [OPTION_REMOVE] = {"remove", 0, NULL, NULL, "remove the index"},
    [OPTION_FORCE] = {"force", 0, NULL, NULL,
                      "write over a file that is there, but for the one that is read"},
    [OPTION_FORMAT] = {"format", 0, "FORM", "text,man,markdown",
                       "as a manual page, or for the documentation"},
    [OPTION_ROWS] = {NULL, 'n', "N", NULL, "show N rows"},
    [OPTION_ALL] = {"all", 0, NULL, NULL, "show all rows"},
    [OPTION_JSON] = {"json", 0, NULL, NULL, "one JSON document in place of text"},
    [OPTION_PROGRESS] = {"progress", 0, "WHEN", "auto,always,never", "say on standard error what takes long"},
    [OPTION_COLOR] = {"color", 0, "WHEN", "auto,always,never", "mark headings with colour"},
    [OPTION_QUIET] = {"quiet", 'q', NULL, NULL, "no progress, no hints"},
    [OPTION_VERSION] = {"version", 0, NULL, NULL, "print the version"},
    [OPTION_HELP] = {"help", 'h', NULL, NULL, "print help"},
};

const uint64_t common_options = OPTION_BIT(OPTION_ROWS) | OPTION_BIT(OPTION_ALL) | OPTION_BIT(OPTION_JSON) |
                                OPTION_BIT(OPTION_PROGRESS) | OPTION_BIT(OPTION_COLOR) |
                                OPTION_BIT(OPTION_QUIET) | OPTION_BIT(OPTION_VERSION) |
                                OPTION_BIT(OPTION_HELP);

const command command_table[] = {
    {.name = "info",
     .operands = "FILE...",
     .least = 1,
     .most = MANY_OPERANDS,
     .answers = "what a file is: process, time, versions, labels, counts, contents, notes",
     .run = run_info},
    {.name = "top",
     .operands = "FILE",
     .least = 1,
     .most = 1,
     .answers = "the table of the heap",
     .details = "Rows are by clodo and sorted by size unless options say otherwise; with --retained they are "
                "sorted by "
                "what they retain.",
     .options = OPTION_BIT(OPTION_BY) | OPTION_BIT(OPTION_RETAINED) | OPTION_BIT(OPTION_SORT) |
                OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_NEW),
     .run = run_top},
    {.name = "node",
     .operands = "FILE OBJECT",
     .least = 2,
     .most = 2,
     .takes_object = true,
     .answers =
         "one object: kind, size, retained, dominator, path, every reference by name with what it leads to",
     .options = OPTION_BIT(OPTION_TYPE),
     .run = run_node},
    {.name = "referrers",
     .operands = "FILE OBJECT",
     .least = 2,
     .most = 2,
     .takes_object = true,
     .answers = "what refers to an object, each with the name of the reference",
     .details = "With --by a table of the objects that refer to it.",
     .options = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_BY) | OPTION_BIT(OPTION_RETAINED),
     .run = run_referrers},
    {.name = "referents",
     .operands = "FILE OBJECT",
     .least = 2,
     .most = 2,
     .takes_object = true,
     .answers = "what an object refers to, each with the name of the reference",
     .details = "With --by a table of the objects that it refers to.",
     .options = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_BY) | OPTION_BIT(OPTION_RETAINED),
     .run = run_referents},
    {.name = "paths",
     .operands = "FILE OBJECT",
     .least = 2,
     .most = 2,
     .takes_object = true,
     .answers = "shortest paths from the root to an object, counted",
     .options = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_FROM) | OPTION_BIT(OPTION_AVOID),
     .run = run_paths},
    {.name = "pattern",
     .operands = "FILE OBJECT",
     .least = 2,
     .most = 2,
     .takes_object = true,
     .answers = "the reference pattern of an object: who refers to it by class, who to those, and so on",
     .options = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_BY) | OPTION_BIT(OPTION_DEPTH) |
                OPTION_BIT(OPTION_IMDOM),
     .run = run_pattern},
    {.name = "dominators",
     .operands = "FILE [OBJECT]",
     .least = 1,
     .most = 2,
     .takes_object = true,
     .answers = "the largest branches of the dominator tree, below an object",
     .details = "A branch is an object and all that would be freed with it.",
     .options = OPTION_BIT(OPTION_TYPE) | OPTION_BIT(OPTION_DEPTH) | OPTION_BIT(OPTION_MIN),
     .run = run_dominators},
    {.name = "diff",
     .operands = "BEFORE AFTER",
     .least = 2,
     .most = 2,
     .answers = "what grew, by class; of one process also how many objects are new, gone and kept",
     .details =
         "With --retained sizes are what the rows retain, but for the totals. A CONDITION of --fail-if is "
         "SQL over one row: kind, count, size, before_count, before_size, after_count, after_size, and "
         "growth in percent, which is NULL of what BEFORE has no bytes of; the row of totals has the kind "
         "(total). Rows that meet one are printed, and the status is 3.",
     .options = OPTION_BIT(OPTION_BY) | OPTION_BIT(OPTION_RETAINED) | OPTION_BIT(OPTION_NEW) |
                OPTION_BIT(OPTION_FAIL_IF),
     .run = run_diff},
    {.name = "sql",
     .operands = "'SELECT ...' FILE...",
     .least = 1,
     .most = MANY_OPERANDS,
     .answers = "SQL over the tables objects, types, kinds, edges, roots and snapshots",
     .details =
         "Statements are those of SQLite, and only read; TEMP views can be made. With -f all operands are "
         "files. Text shows ten rows unless -n or --all say otherwise, other forms show all.",
     .options = OPTION_BIT(OPTION_FILE) | OPTION_BIT(OPTION_PARAM) | OPTION_BIT(OPTION_CSV) |
                OPTION_BIT(OPTION_TSV) | OPTION_BIT(OPTION_TIMEOUT),
     .run = run_sql},
    {.name = "check",
     .operands = "FILE...",
     .least = 1,
     .most = MANY_OPERANDS,
     .answers = "whether a file is whole: every checksum and every invariant of every column",
     .run = run_check},
    {.name = "export",
     .operands = "WHAT FILE",
     .first_choices = "chrome,csv,jsonl,dot",
     .least = 2,
     .most = 2,
     .answers = "a file for another program: chrome, csv, jsonl, dot",
     .details =
         "chrome is a .heapsnapshot for the memory panel of DevTools; --min leaves out objects that retain "
         "less, "
         "and adds their sizes to what dominates them. csv and jsonl have the objects, or "
         "with "
         "--edges the references, in the columns that `heapy sql` has. dot is a graph for Graphviz: the "
         "objects at most --hops references (2 unless said) away from the one that --around names.",
     .options = OPTION_BIT(OPTION_OUTPUT) | OPTION_BIT(OPTION_FORCE) | OPTION_BIT(OPTION_OBJECTS) |
                OPTION_BIT(OPTION_EDGES) | OPTION_BIT(OPTION_AROUND) | OPTION_BIT(OPTION_HOPS) |
                OPTION_BIT(OPTION_MIN),
     .writes_no_document = true,
     .run = run_export},
    {.name = "convert",
     .operands = "IN OUT",
     .least = 2,
     .most = 2,
     .answers = "the same file otherwise: coded otherwise, or with less in it before it is mailed",
     .details =
         "A file never gets more in it than it has.  --contents names on a file with values leaves out all "
         "numbers, strings and keys: which of them stand in source code is not known any more.",
     .options = OPTION_BIT(OPTION_COMPRESS) | OPTION_BIT(OPTION_CONTENTS) | OPTION_BIT(OPTION_FORCE),
     .writes_no_document = true,
     .run = run_convert},
    {.name = "index",
     .operands = "FILE",
     .least = 1,
     .most = 1,
     .answers = "keeps dominators, retained sizes and reverse references of a file in FILE.index, which "
                "every command uses then",
     .details = "An index is used when it belongs to that very file, and what is in it is checked.",
     .options = OPTION_BIT(OPTION_REMOVE),
     .run = run_index},
    {.name = "completion",
     .operands = "bash|zsh|fish",
     .first_choices = "bash,zsh,fish",
     .least = 1,
     .most = 1,
     .answers = "what a shell reads to complete commands and options",
     .writes_no_document = true,
     .run = run_completion},
    {.name = "help",
     .operands = "[COMMAND]",
     .most = 1,
     .answers = "what commands and options there are",
     .options = OPTION_BIT(OPTION_FORMAT),
     .writes_no_document = true,
     .run = run_help},
};

const size_t command_count = sizeof command_table / sizeof *command_table;

const command *
command_named(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (!strcmp(command_table[i].name, name))
            return &command_table[i];
    return NULL;
}
