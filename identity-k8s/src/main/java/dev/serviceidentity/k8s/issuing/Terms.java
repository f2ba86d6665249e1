// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What is asked of a cluster.
 *
 * @param signer the signer's name
 * @param usages as the API names them
 * @param selfApproved whether requests are approved by who makes them
 * @param patience how long to wait for approval and signature together
 * @param clock tells when that is over
 */
record Terms(
    String signer, List<String> usages, boolean selfApproved, Duration patience, Clock clock) {}
