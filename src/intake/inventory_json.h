/* An inventory as JSON: what `trefoil sources --format json` prints and what the API answers. */
#ifndef INTAKE_INVENTORY_JSON_H
#define INTAKE_INVENTORY_JSON_H

#include "intake/inventory.h"
#include "trefoil/base/json.h"

/* Write the inventory as one object: police (feed, force, from, to, months, rows, gaps), layers,
 * population, lookup, warnings, imports.  A failed allocation is left in the writer's buffer. */
void tf_inventory_json_write(const tf_inventory *inventory, tf_json *json);

#endif
