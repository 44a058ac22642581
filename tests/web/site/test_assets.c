#include "check.h"

#include "web/site/assets.h"

#include <brotli/decode.h>
#include <zlib.h>

static const char *served_name(const tf_asset *asset) {
    return asset->path + strlen("/assets/");
}

static bool contains(tf_text text, const char *part) {
    return memmem(text.data, text.length, part, strlen(part)) != NULL;
}

static void a_file_is_found_by_the_name_it_is_served_under(void **state) {
    (void)state;
    const tf_asset *style = tf_asset_named("site.css");
    assert_ptr_equal(tf_asset_find(tf_text_of(served_name(style))), style);
    assert_string_equal(tf_asset_path("site.css"), style->path);
    assert_string_equal(style->content_type, "text/css; charset=utf-8");
}

static void an_unknown_name_is_not_found(void **state) {
    (void)state;
    assert_null(tf_asset_find(tf_text_of("")));
    assert_null(tf_asset_find(tf_text_of("site.css")));
    assert_null(tf_asset_find(tf_text_of("../site.css")));
}

static void what_is_only_for_pages_is_not_served(void **state) {
    (void)state;
    assert_null(tf_asset_named("methods.html")->path);
    assert_null(tf_asset_find(tf_text_of("methods.html")));
}

static void what_is_kept_for_ever_has_its_digest_in_its_name(void **state) {
    (void)state;
    size_t versioned = 0;
    for (size_t i = 0; i < tf_assets.count; i++) {
        const tf_asset *asset = &tf_assets.files[i];
        if (asset->is_versioned) {
            const char *digest = strrchr(asset->path, '-');
            assert_non_null(digest);
            assert_int_equal(strspn(digest + 1, "0123456789abcdef"), 10);
            versioned++;
        }
    }
    assert_true(versioned >= 4);
    assert_false(tf_asset_named("licences.txt")->is_versioned);
}

static void packed_forms_unpack_to_the_file(void **state) {
    (void)state;
    for (size_t i = 0; i < tf_assets.count; i++) {
        const tf_asset *asset = &tf_assets.files[i];
        if (!asset->path) {
            continue;
        }
        unsigned char *unpacked = malloc(asset->bytes.length + 1);
        assert_non_null(unpacked);

        z_stream stream = {.next_in = (Bytef *)asset->gzip.data,
                           .avail_in = (uInt)asset->gzip.length,
                           .next_out = unpacked,
                           .avail_out = (uInt)asset->bytes.length + 1};
        assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, asset->bytes.length);
        assert_memory_equal(unpacked, asset->bytes.data, asset->bytes.length);
        inflateEnd(&stream);

        size_t length = asset->bytes.length + 1;
        assert_int_equal(BrotliDecoderDecompress(asset->brotli.length,
                                                 (const uint8_t *)asset->brotli.data, &length,
                                                 unpacked),
                         BROTLI_DECODER_RESULT_SUCCESS);
        assert_int_equal(length, asset->bytes.length);
        assert_memory_equal(unpacked, asset->bytes.data, asset->bytes.length);
        free(unpacked);
    }
}

static void the_licences_of_what_is_bundled_travel_along(void **state) {
    (void)state;
    tf_text licences = tf_asset_named("licences.txt")->bytes;
    assert_true(contains(licences, "\ngovuk-frontend 6."));
    assert_true(contains(licences, "\nmaplibre-gl 6."));
    assert_true(contains(licences, "\nearcut ")); /* inside maplibre-gl's own bundle */
}

static void neither_crown_nor_transport_is_in_the_style(void **state) {
    (void)state;
    tf_text style = tf_asset_named("site.css")->bytes;
    assert_false(contains(style, "GDS Transport"));
    assert_false(contains(style, "@font-face"));
    assert_false(contains(style, "crest"));
}

static void no_style_reaches_for_another_host(void **state) {
    (void)state;
    const char *styles[] = {"site.css", "map.css"};
    for (size_t i = 0; i < 2; i++) {
        tf_text style = tf_asset_named(styles[i])->bytes;
        assert_false(contains(style, "url(http"));
        assert_false(contains(style, "url(//"));
        assert_false(contains(style, "@import"));
    }
}

static void the_map_knows_its_worker_by_the_name_it_is_served_under(void **state) {
    (void)state;
    assert_true(contains(tf_asset_named("map.js")->bytes, tf_asset_path("map_worker.js")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_found_by_the_name_it_is_served_under),
        cmocka_unit_test(an_unknown_name_is_not_found),
        cmocka_unit_test(what_is_only_for_pages_is_not_served),
        cmocka_unit_test(what_is_kept_for_ever_has_its_digest_in_its_name),
        cmocka_unit_test(packed_forms_unpack_to_the_file),
        cmocka_unit_test(the_licences_of_what_is_bundled_travel_along),
        cmocka_unit_test(neither_crown_nor_transport_is_in_the_style),
        cmocka_unit_test(no_style_reaches_for_another_host),
        cmocka_unit_test(the_map_knows_its_worker_by_the_name_it_is_served_under),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
