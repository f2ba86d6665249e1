// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import java.util.Set;

/**
 * How tokens of this service are read.
 *
 * @param algorithms by which they may be signed
 * @param naming whom they name
 */
record TokenForm(Set<String> algorithms, Naming naming) {}
