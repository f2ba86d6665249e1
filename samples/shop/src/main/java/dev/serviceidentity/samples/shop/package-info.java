// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * A small shop on one machine: four services with an identity each, real Kerberos tickets, real
 * mutual TLS over sockets, and real Kubernetes manifests. {@link
 * dev.serviceidentity.samples.shop.Main} is the program behind {@code samples/run}.
 */
@NullMarked
package dev.serviceidentity.samples.shop;

import org.jspecify.annotations.NullMarked;
