// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Identities from a SPIFFE Workload API, such as that of a SPIRE agent. {@link
 * dev.serviceidentity.mtls.spiffe.WorkloadApi} says where it is; {@link
 * dev.serviceidentity.mtls.spiffe.SpiffeSource} gives its X.509-SVID and trust bundles to an mTLS
 * identity, and {@link dev.serviceidentity.mtls.spiffe.JwtSvidIdentity} calls and verifies callers
 * by JWT-SVIDs.
 */
@NullMarked
package dev.serviceidentity.mtls.spiffe;

import org.jspecify.annotations.NullMarked;
