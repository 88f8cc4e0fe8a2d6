/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include "class_retained.h"
#include "watch.h"

#include <heapy/memory.h>
#include <stdlib.h>
#include <string.h>

typedef enum sorting { SORT_SIZE, SORT_COUNT, SORT_RETAINED, SORT_LARGEST, SORT_USUAL } sorting;

static sorting
sorting_asked(const invocation *asked)
{
    static const char *const words[] = {"size", "count", "retained", "largest"};
    const char *word = option_value(asked, OPTION_SORT);
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (!strcmp(word, words[i]))
            return (sorting)i;
    return is_given(asked, OPTION_RETAINED) ? SORT_RETAINED : SORT_USUAL;
}

static bool
shows_retained(const invocation *asked)
{
    return is_given(asked, OPTION_RETAINED) || sorting_asked(asked) == SORT_RETAINED;
}

unsigned
columns_of_table(const invocation *asked, const heapy_classifier *by)
{
    unsigned result = HEAPY_FILE_SIZES | columns_for(heapy_classifier_needs(by));
    if (heapy_classifier_form_of(by) == HEAPY_BY_ID)
        result |= HEAPY_FILE_OWNERS | HEAPY_FILE_LENGTHS | HEAPY_FILE_FACTS | HEAPY_FILE_TEXTS;
    if (relation_tells_objects(by))
        result |= HEAPY_FILE_ADDRESSES;
    return shows_retained(asked) ? result | HEAPY_FILE_EDGES : result;
}

/* ---- a row with all that is known of it ---- */

typedef struct full_row {
    heapy_row row; /* name borrowed */
    int64_t largest;
    size_t place; /* in the engine's order, which ties keep */
    sorting by;
} full_row;

static int64_t
sort_key(const full_row *row)
{
    switch (row->by) {
    case SORT_SIZE:
        return row->row.size;
    case SORT_COUNT:
        return row->row.count;
    case SORT_RETAINED:
        return row->row.retained;
    case SORT_LARGEST:
        return row->largest;
    case SORT_USUAL:
        break;
    }
    return 0;
}

static int
compare_rows(const void *a, const void *b)
{
    const full_row *x = a, *y = b;
    int64_t one = sort_key(x), other = sort_key(y);
    if (one != other)
        return one > other ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

typedef struct full_table {
    heapy_partition *partition;
    heapy_id_table *ids;
    heapy_table table; /* its rows are copies, below, named safely */
    full_row *rows;    /* owned */
    heapy_row *shown;  /* owned */
    char **names;      /* of `shown`; owned, each too */
    char *header;      /* owned */
    char *kind_name;   /* owned */
    size_t row_count;  /* of `rows` */
    bool has_largest;
} full_table;

static void
full_table_deinit(full_table *self)
{
    for (size_t i = 0; self->names && i < self->row_count; i++)
        heapy_free(self->names[i]);
    heapy_free(self->names);
    heapy_free(self->shown);
    heapy_free(self->header);
    heapy_free(self->kind_name);
    heapy_free(self->rows);
    heapy_partition_destroy(self->partition);
    heapy_id_table_destroy(self->ids);
}

/* What the classes of a partition retain, by class.  Owned, heapy_free(); NULL when what is wrong was said.
 */
uint64_t *
retained_of_classes(const invocation *asked, const input *in, const chosen *objects,
                    const heapy_classes *classes)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (input_need_edges(in, "--retained"))
        return NULL;
    size_t nodes = heapy_graph_node_count(in->graph), count = heapy_classes_count(classes);
    uint32_t *of_node = heapy_alloc_array(nodes, sizeof *of_node);
    uint64_t *retained = heapy_alloc_zeroed(count, sizeof *retained);
    const heapy_class *of_members = heapy_classes_of_members(classes);
    heapy_status status = HEAPY_OK;
    if (!of_node || !retained) {
        complain_of_memory();
        status = HEAPY_NO_MEMORY;
    } else {
        memset(of_node, 0xff, nodes * sizeof *of_node); /* HEAPY_NO_CLASS */
        for (size_t i = 0; i < objects->count; i++)
            of_node[objects->nodes[i]] = of_members[i];
        heapy_dominators *tree = NULL;
        status =
            class_retained(in->path, in->snapshot, &tree, of_node, count, progress_of(asked), retained, &err);
        progress_end();
        if (status)
            complain_of(in->path, &err);
    }
    heapy_free(of_node);
    if (!status)
        return retained;
    heapy_free(retained);
    return NULL;
}

/* Take the rows of a partition, and the largest object of each. */
static int
take_rows(full_table *self, const invocation *asked, const input *in, const chosen *objects)
{
    const heapy_table *table = heapy_partition_table(self->partition);
    const heapy_classes *classes = heapy_partition_classes(self->partition);
    const heapy_class *of_members = heapy_classes_of_members(classes);
    uint64_t *retained = NULL;
    if (shows_retained(asked) && !(retained = retained_of_classes(asked, in, objects, classes)))
        return STATUS_FAILED;
    for (size_t i = 0; i < table->row_count; i++) {
        self->rows[i] = (full_row){table->rows[i], 0, i, sorting_asked(asked)};
        if (retained)
            self->rows[i].row.retained = (int64_t)retained[heapy_partition_row_class(self->partition, i)];
    }
    heapy_free(retained);
    for (size_t i = 0; i < objects->count; i++) {
        full_row *row = &self->rows[heapy_partition_class_row(self->partition, of_members[i])];
        int64_t size = (int64_t)heapy_size_of(&in->sizes, objects->nodes[i]);
        row->largest = size > row->largest ? size : row->largest;
    }
    self->has_largest = true;
    return STATUS_DONE;
}

static int
by_classes(full_table *self, const invocation *asked, input *in, const chosen *objects,
           heapy_classes *classes)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_members members = {objects->nodes, objects->count};
    if (heapy_partition_create(in->graph, &members, classes, &self->partition, &err))
        return complain_of(in->path, &err);
    self->table = *heapy_partition_table(self->partition);
    self->row_count = self->table.row_count;
    self->rows = heapy_alloc_array(self->row_count, sizeof *self->rows);
    if (!self->rows)
        return complain_of_memory();
    int status = take_rows(self, asked, in, objects);
    if (status || sorting_asked(asked) == SORT_USUAL)
        return status;
    qsort(self->rows, self->row_count, sizeof *self->rows, compare_rows);
    int64_t sum = 0;
    for (size_t i = 0; i < self->row_count; i++) {
        sum += self->rows[i].row.size;
        self->rows[i].row.index = (int64_t)i;
        self->rows[i].row.cumulative = sum;
    }
    return STATUS_DONE;
}

static int
by_identity(full_table *self, input *in, const chosen *objects, heapy_classes *clodo, size_t wanted)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_table *table;
    const heapy_members members = {objects->nodes, objects->count};
    size_t rows = wanted && wanted < objects->count ? wanted + 1 : objects->count;
    if (heapy_id_table_create(in->snapshot, &members, clodo, &self->ids, &err) ||
        heapy_id_table_rows(self->ids, rows < objects->count ? rows : objects->count, &table, &err))
        return complain_of(in->path, &err);
    self->table = *table;
    self->row_count = rows < objects->count ? rows : objects->count;
    self->rows = heapy_alloc_array(self->row_count, sizeof *self->rows);
    if (!self->rows)
        return complain_of_memory();
    for (size_t i = 0; i < self->row_count; i++)
        self->rows[i] = (full_row){table->rows[i], table->rows[i].size, i, SORT_USUAL};
    return STATUS_DONE;
}

/* ---- showing ---- */

/* Names without what could move a cursor. */
static int
make_shown(full_table *self)
{
    self->shown = heapy_alloc_zeroed(self->row_count, sizeof *self->shown);
    self->names = heapy_alloc_zeroed(self->row_count, sizeof *self->names);
    self->header = copy_escaped(self->table.header ? self->table.header : "");
    self->kind_name = copy_escaped(self->table.kind_name ? self->table.kind_name : "");
    bool is_made = self->shown && self->names && self->header && self->kind_name;
    for (size_t i = 0; is_made && i < self->row_count; i++) {
        self->shown[i] = self->rows[i].row;
        self->names[i] = copy_escaped(self->rows[i].row.name);
        self->shown[i].name = self->names[i];
        is_made = self->names[i] != NULL;
    }
    if (!is_made)
        return complain_of_memory();
    self->table.rows = self->shown;
    self->table.header = self->header;
    self->table.kind_name = self->kind_name;
    return STATUS_DONE;
}

static int
put_text(document *doc, const invocation *asked, full_table *self, const input *in, size_t rows)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    char *text;
    size_t length;
    int status = make_shown(self);
    if (status)
        return status;
    if (!self->table.count && self->table.format != HEAPY_FORMAT_RETAINED) {
        document_put(doc, "<Nothing>\n"); /* as an empty set is printed */
        return STATUS_DONE;
    }
    options.max_rows = rows;
    if (heapy_table_render(&self->table, &options, &text, &length, &err))
        return complain_of(in->path, &err);
    document_put_marked(doc, asked, text, length, 1);
    heapy_text_free(text);
    return STATUS_DONE;
}

/* A name without the blanks around it. */
static void
json_name(document *doc, const char *name)
{
    size_t length = strlen(name), blanks = strspn(name, " ");
    while (length > blanks && name[length - 1] == ' ')
        length--;
    json_string_of(doc, name + (blanks < length ? blanks : 0), blanks < length ? length - blanks : 0);
}

static void
json_row(document *doc, const full_row *row, bool with_retained)
{
    json_begin(doc, '{');
    json_key(doc, "index");
    json_integer(doc, row->row.index);
    json_key(doc, "count");
    json_integer(doc, row->row.count);
    json_key(doc, "size");
    json_integer(doc, row->row.size);
    json_key(doc, "cumulative");
    json_integer(doc, row->row.cumulative);
    json_key(doc, "largest");
    json_integer(doc, row->largest);
    if (with_retained) {
        json_key(doc, "retained");
        json_integer(doc, row->row.retained);
    }
    json_key(doc, "kind");
    json_name(doc, row->row.name);
    json_end(doc, '}');
}

static void
put_json(document *doc, const full_table *self, const invocation *asked, size_t rows)
{
    const char *by = option_value(asked, OPTION_BY);
    json_key(doc, "by");
    json_string(doc, by ? by : "clodo");
    json_key(doc, "count");
    json_integer(doc, self->table.count);
    json_key(doc, "size");
    json_integer(doc, self->table.size);
    json_key(doc, "rows");
    json_begin(doc, '[');
    for (size_t i = 0; i < self->row_count && (!rows || i < rows); i++)
        json_row(doc, &self->rows[i], self->partition && shows_retained(asked));
    json_end(doc, ']');
}

static int
make_table(full_table *self, const invocation *asked, input *in, const chosen *objects,
           const heapy_classifier *by, size_t wanted)
{
    const heapy_classifier *used = by;
    heapy_classes *classes;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_members members = {objects->nodes, objects->count};
    /* A table by Id has at least one row, and without objects no row has a name. */
    bool is_by_id = heapy_classifier_form_of(by) == HEAPY_BY_ID, has_ids = is_by_id && objects->count;
    if (is_by_id && shows_retained(asked))
        return usage_error(
            asked, "--retained is of classes, and --by id has none; `heapy dominators` lists objects");
    if (is_by_id && sorting_asked(asked) != SORT_USUAL && sorting_asked(asked) != SORT_SIZE)
        return usage_error(asked, "--sort: a table by id is by size");
    if (is_by_id && heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &used, &err))
        return complain_of(in->path, &err);
    heapy_status status = heapy_classify(used, in->snapshot, &members, &classes, &err);
    if (is_by_id)
        heapy_classifier_release(used);
    if (status)
        return complain_of(in->path, &err);
    if (has_ids)
        return by_identity(self, in, objects, classes, wanted);
    return by_classes(self, asked, in, objects, classes);
}

int
put_table(document *doc, const invocation *asked, input *in, const chosen *objects,
          const heapy_classifier *by)
{
    full_table self = {0};
    size_t rows;
    if (rows_asked(asked, HEAPY_DEFAULT_ROWS, &rows))
        return STATUS_USAGE;
    int status = make_table(&self, asked, in, objects, by, rows);
    if (!status && self.partition && shows_retained(asked))
        self.table.format = HEAPY_FORMAT_RETAINED;
    if (!status && is_given(asked, OPTION_JSON))
        put_json(doc, &self, asked, rows);
    else if (!status)
        status = put_text(doc, asked, &self, in, rows);
    full_table_deinit(&self);
    return status;
}
