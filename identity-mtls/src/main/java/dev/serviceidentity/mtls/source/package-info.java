// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Where an identity's certificate, key and authorities come from: files, key stores, memory, or an
 * authority that issues certificates to this process. {@link
 * dev.serviceidentity.mtls.source.PemFiles} is the usual one; {@link
 * dev.serviceidentity.mtls.source.CertificateSource} is what others implement.
 */
@NullMarked
package dev.serviceidentity.mtls.source;

import org.jspecify.annotations.NullMarked;
