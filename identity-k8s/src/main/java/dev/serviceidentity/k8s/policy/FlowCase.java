// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;

/** A flow between one address of each end, with what the policies of the asked sides say. */
record FlowCase(Endpoint from, Endpoint to, Verdict verdict, List<Ruling> rulings) {}
