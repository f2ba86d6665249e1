// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import org.jspecify.annotations.Nullable;

/**
 * What is believed of one forwarder.
 *
 * @param header the one header that it writes
 * @param by whom it says it is in that header, or null if it says the own identity, or nothing
 */
record ForwarderTrust(ForwardingHeader header, @Nullable String by) {}
