// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.spi.IdentityRuntime;
import java.util.random.RandomGenerator;

/**
 * What a source is opened with.
 *
 * @param trustDomain of the service, and of the authorities that come with its certificate
 * @param runtime clock, scheduler for timers, and how long opening may wait
 * @param random scatters retries and renewals; not for secrets. Thread-safe.
 */
public record SourceContext(String trustDomain, IdentityRuntime runtime, RandomGenerator random) {}
