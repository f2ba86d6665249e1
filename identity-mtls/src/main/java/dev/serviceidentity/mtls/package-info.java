// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Mutual TLS as a way of proving identity: certificates from files, key stores, memory or an
 * issuer, rotated without a seam, and a verifier that holds every peer to the X.509-SVID profile
 * or, if chosen, to its one DNS name, URI or subject. {@link dev.serviceidentity.mtls.MtlsIdentity}
 * is the entry.
 */
@NullMarked
package dev.serviceidentity.mtls;

import org.jspecify.annotations.NullMarked;
