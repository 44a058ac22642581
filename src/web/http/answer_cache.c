#include "web/http/answer_cache.h"

#include "trefoil/base/hash.h"

#include <pthread.h>

enum { BUCKETS = 8192, LARGEST_SHARE = 8 };

typedef struct entry {
    struct entry *next_in_bucket;
    struct entry *newer;
    struct entry *older;
    tf_answer *answer;
    uint64_t hash;
    tf_answer_key key; /* its texts are behind the entry */
    size_t size;
} entry;

/* An entry to be, which the list of flights holds until it is made. */
struct tf_answer_flight {
    struct tf_answer_flight *next;
    tf_answer_waiter *waiters;
    entry *entry;
};

struct tf_answer_cache {
    pthread_mutex_t mutex;
    uint64_t version;
    size_t size;
    size_t max_size;
    entry *newest;
    entry *oldest;
    tf_answer_flight *flights; /* as many as there are threads that answer */
    entry *buckets[BUCKETS];
};

static uint64_t hash_key(const tf_answer_key *key) {
    uint64_t words[] = {key->version, key->encodings * 2ULL + key->is_local,
                        tf_hash(key->host.data, key->host.length),
                        tf_hash(key->target.data, key->target.length)};
    return tf_hash(words, sizeof words);
}

static bool is_same(const tf_answer_key *a, const tf_answer_key *b) {
    return a->version == b->version && a->encodings == b->encodings && a->is_local == b->is_local &&
           tf_text_equal(a->target, b->target) && tf_text_equal(a->host, b->host);
}

static entry *entry_new(const tf_answer_key *key, uint64_t hash) {
    entry *made = tf_alloc(1, sizeof *made + key->host.length + key->target.length);
    if (!made) {
        return NULL;
    }
    char *host = (char *)(made + 1);
    char *target = host + key->host.length;
    if (key->host.length) {
        memcpy(host, key->host.data, key->host.length);
    }
    memcpy(target, key->target.data, key->target.length);
    *made = (entry){.hash = hash, .key = *key};
    made->key.host.data = host;
    made->key.target.data = target;
    return made;
}

static void unlink_from_age(tf_answer_cache *cache, entry *old) {
    *(old->newer ? &old->newer->older : &cache->newest) = old->older;
    *(old->older ? &old->older->newer : &cache->oldest) = old->newer;
}

static void link_as_newest(tf_answer_cache *cache, entry *made) {
    made->newer = NULL;
    made->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = made;
    cache->newest = made;
}

static void drop(tf_answer_cache *cache, entry *old) {
    entry **link = &cache->buckets[old->hash % BUCKETS];
    while (*link != old) {
        link = &(*link)->next_in_bucket;
    }
    *link = old->next_in_bucket;
    unlink_from_age(cache, old);
    cache->size -= old->size;
    tf_answer_release(old->answer);
    tf_free(old);
}

static entry *find(tf_answer_cache *cache, const tf_answer_key *key, uint64_t hash) {
    if (key->version != cache->version) {
        while (cache->oldest) {
            drop(cache, cache->oldest);
        }
        cache->version = key->version;
    }
    entry *found = cache->buckets[hash % BUCKETS];
    while (found && (found->hash != hash || !is_same(&found->key, key))) {
        found = found->next_in_bucket;
    }
    if (found && found != cache->newest) {
        unlink_from_age(cache, found);
        link_as_newest(cache, found);
    }
    return found;
}

tf_answer_cache *tf_answer_cache_new(size_t max_size) {
    tf_answer_cache *cache = tf_alloc_zeroed(1, sizeof *cache);
    if (cache) {
        cache->max_size = max_size;
        pthread_mutex_init(&cache->mutex, NULL);
    }
    return cache;
}

void tf_answer_cache_free(tf_answer_cache *cache) {
    if (!cache) {
        return;
    }
    while (cache->oldest) {
        drop(cache, cache->oldest);
    }
    pthread_mutex_destroy(&cache->mutex);
    tf_free(cache);
}

tf_answer *tf_answer_cache_get(tf_answer_cache *cache, const tf_answer_key *key) {
    uint64_t hash = hash_key(key);
    pthread_mutex_lock(&cache->mutex);
    entry *found = find(cache, key, hash);
    tf_answer *answer = found ? tf_answer_share(found->answer) : NULL;
    pthread_mutex_unlock(&cache->mutex);
    return answer;
}

static tf_answer_flight *find_flight(const tf_answer_cache *cache, const tf_answer_key *key,
                                     uint64_t hash) {
    tf_answer_flight *flight = cache->flights;
    while (flight && (flight->entry->hash != hash || !is_same(&flight->entry->key, key))) {
        flight = flight->next;
    }
    return flight;
}

/* NULL when out of memory: the answer is then made, but for nobody else. */
static tf_answer_flight *flight_new(tf_answer_cache *cache, const tf_answer_key *key,
                                    uint64_t hash) {
    tf_answer_flight *flight = tf_alloc_zeroed(1, sizeof *flight);
    entry *made = flight ? entry_new(key, hash) : NULL;
    if (!made) {
        tf_free(flight);
        return NULL;
    }
    flight->entry = made;
    flight->next = cache->flights;
    cache->flights = flight;
    return flight;
}

tf_answer_state tf_answer_cache_begin(tf_answer_cache *cache, const tf_answer_key *key,
                                      tf_answer_waiter *waiter, tf_answer **answer_out,
                                      tf_answer_flight **flight_out) {
    *answer_out = NULL;
    *flight_out = NULL;
    uint64_t hash = hash_key(key);
    tf_answer_state state = TF_ANSWER_MISSING;
    pthread_mutex_lock(&cache->mutex);
    entry *found = find(cache, key, hash);
    tf_answer_flight *flight = found ? NULL : find_flight(cache, key, hash);
    if (found) {
        *answer_out = tf_answer_share(found->answer);
        state = TF_ANSWER_KEPT;
    } else if (flight) {
        waiter->next = flight->waiters;
        flight->waiters = waiter;
        state = TF_ANSWER_COMING;
    } else {
        *flight_out = flight_new(cache, key, hash);
    }
    pthread_mutex_unlock(&cache->mutex);
    return state;
}

/* Make room for an entry and keep it; false if it is not worth it. */
static bool keep(tf_answer_cache *cache, entry *made, tf_answer *answer) {
    made->size =
        sizeof *made + made->key.host.length + made->key.target.length + tf_answer_size(answer);
    if (made->key.version != cache->version || made->size > cache->max_size / LARGEST_SHARE) {
        return false;
    }
    while (cache->oldest && cache->size + made->size > cache->max_size) {
        drop(cache, cache->oldest);
    }
    made->answer = tf_answer_share(answer);
    made->next_in_bucket = cache->buckets[made->hash % BUCKETS];
    cache->buckets[made->hash % BUCKETS] = made;
    link_as_newest(cache, made);
    cache->size += made->size;
    return true;
}

tf_answer_waiter *tf_answer_cache_end(tf_answer_cache *cache, tf_answer_flight *flight,
                                      tf_answer *answer, bool is_kept) {
    if (!flight) {
        return NULL;
    }
    pthread_mutex_lock(&cache->mutex);
    tf_answer_flight **link = &cache->flights;
    while (*link != flight) {
        link = &(*link)->next;
    }
    *link = flight->next;
    if (!is_kept || !keep(cache, flight->entry, answer)) {
        tf_free(flight->entry);
    }
    pthread_mutex_unlock(&cache->mutex);
    tf_answer_waiter *waiters = flight->waiters;
    tf_free(flight);
    return waiters;
}
