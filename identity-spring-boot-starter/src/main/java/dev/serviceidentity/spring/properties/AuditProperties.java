// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where access events go.
 *
 * @param log write access events to the logger dev.serviceidentity.audit: refusals at INFO,
 *     admissions at DEBUG
 * @param jsonFile a file to which each access event is appended as a line of JSON
 * @param required refuse requests whose admission cannot be recorded
 */
@ConfigurationProperties(prefix = "serviceidentity.audit", ignoreUnknownFields = false)
public record AuditProperties(
    @DefaultValue("true") boolean log,
    @Nullable Path jsonFile,
    @DefaultValue("false") boolean required) {}
