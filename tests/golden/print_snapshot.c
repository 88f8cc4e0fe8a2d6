/* SPDX-License-Identifier: MIT */
/*
 * What tests/golden compares: print what is in a snapshot file, or write the files that are kept there.
 *
 *     print_snapshot FILE             its lines, or one line that says what is wrong, and status 1
 *     print_snapshot --write FOLDER   the good files of this version
 */
#define _GNU_SOURCE /* memfd_create, in random_snapshot.h */
#include "../unit/random_snapshot.h"

#include "../unit/describe_snapshot.h"

static int
print(const char *path)
{
    heapy_snapshot_file *file = NULL;
    heapy_snapshot *snapshot = NULL;
    heapy_node_set *before = NULL;
    heapy_status status = heapy_snapshot_open(path, NULL, &file, err);
    if (!status) {
        heapy_snapshot_file_info info = heapy_snapshot_file_describe(file);
        printf("contents %d info", (int)info.contents);
        describe_text(stdout, info.info, info.info_length);
        fputs("\nbefore", stdout);
        status = heapy_snapshot_file_before(file, &before, err);
        for (heapy_node i = heapy_node_set_next(before, 0); i != HEAPY_NO_NODE;
             i = heapy_node_set_next(before, i + 1))
            printf(" %" PRIu32, i);
        fputc('\n', stdout);
    }
    if (!status)
        status = heapy_snapshot_file_snapshot(file, HEAPY_FILE_EVERYTHING, &snapshot, err);
    if (!status)
        status = describe_snapshot(stdout, snapshot, err);
    if (status)
        fprintf(stderr, "%s\n", err->message);
    heapy_node_set_destroy(before);
    heapy_snapshot_release(snapshot);
    heapy_snapshot_file_close(file);
    if (status != HEAPY_UNSUPPORTED)
        return status != HEAPY_OK;
    return 2;
}

static heapy_status
write_to_stream(void *context, const void *bytes, size_t count, heapy_error *error)
{
    if (fwrite(bytes, 1, count, context) == count)
        return HEAPY_OK;
    strcpy(error->message, "a file cannot be written");
    return error->status = HEAPY_OS;
}

static void
write_one(const char *folder, const char *name, size_t nodes, heapy_contents contents, heapy_codec codec)
{
    char path[1000];
    heapy_snapshot *snapshot = random_snapshot(nodes);
    heapy_node_set *before;
    snprintf(path, sizeof path, "%s/%s.heapy", folder, name);
    FILE *out = fopen(path, "wb");
    const heapy_sink sink = {write_to_stream, out};
    heapy_snapshot_write_options options = HEAPY_SNAPSHOT_WRITE_OPTIONS_INIT;
    assert_ok(heapy_node_set_create(nodes, &before, err));
    for (heapy_node i = 0; i < nodes; i += 3)
        heapy_node_set_add(before, i);
    options.contents = contents;
    options.codec = codec;
    options.before = before;
    options.info = "{\"format\": 1, \"pid\": 4711, \"labels\": {\"service\": \"shop\"}}";
    options.info_length = strlen(options.info);
    assert_ok(heapy_snapshot_write(snapshot, &options, &sink, NULL, err));
    fclose(out);
    heapy_node_set_destroy(before);
    heapy_snapshot_release(snapshot);
}

int
main(int count, char **arguments)
{
    if (count == 2)
        return print(arguments[1]);
    if (count != 3 || strcmp(arguments[1], "--write")) {
        fputs("usage: print_snapshot FILE | --write FOLDER\n", stderr);
        return 2;
    }
    random_state = 15;
    write_one(arguments[2], "empty", 0, HEAPY_CONTENTS_NAMES, HEAPY_CODEC_PLAIN);
    write_one(arguments[2], "values", 40, HEAPY_CONTENTS_VALUES, HEAPY_CODEC_PLAIN);
    write_one(arguments[2], "names", 40, HEAPY_CONTENTS_NAMES, HEAPY_CODEC_PLAIN);
    write_one(arguments[2], "none", 40, HEAPY_CONTENTS_NONE, HEAPY_CODEC_PLAIN);
    if (heapy_snapshot_file_has_zstd())
        write_one(arguments[2], "zstd", 600, HEAPY_CONTENTS_VALUES, HEAPY_CODEC_ZSTD);
    return 0;
}
