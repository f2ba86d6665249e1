// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;

/**
 * Who a certificate chain proves its holder to be.
 *
 * @param principal the name
 * @param expiresAt when the first certificate of the path ends, the anchor's included
 */
record VerifiedPeer(PrincipalId principal, Instant expiresAt) {}
