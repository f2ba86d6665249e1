// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.serviceidentity.k8s.rights.Door;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The question that is answered.
 *
 * @param service the own pod and the port
 * @param method null where any request is meant
 * @param path null where any request is meant
 * @param note what the rules of single paths add; empty if nothing
 * @param reportOnly the layers that refuse nothing there yet
 * @param door where the callers call
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Asked(
    String service,
    @Nullable String method,
    @Nullable String path,
    String note,
    List<Reporting> reportOnly,
    @JsonIgnore Door door) {}
