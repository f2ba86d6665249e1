// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call. The first three add up; beside them or a file, nothing else can be said.
 *
 * @param serviceAccounts service accounts, each as namespace/name
 * @param principals exact principals, for example kerberos:alice@SHOP.EXAMPLE
 * @param principalsLike patterns of principals, for example
 *     mtls:spiffe://shop.example/ns/tools/sa/*
 * @param file a file of rules, which is followed as it changes
 * @param anyAuthenticated let everybody call who proves any identity
 * @param nobody let nobody call: for a service that calls others and is called by none
 */
@ConfigurationProperties(prefix = "serviceidentity.allow", ignoreUnknownFields = false)
public record AllowProperties(
    @DefaultValue List<String> serviceAccounts,
    @DefaultValue List<String> principals,
    @DefaultValue List<String> principalsLike,
    @Nullable Path file,
    @DefaultValue("false") boolean anyAuthenticated,
    @DefaultValue("false") boolean nobody) {}
