// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.cluster.LoadReport.Place;
import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.network.PolicyDecision.Verdict;

/**
 * One line of a policy test: what its author calls it, which may be nothing, a question, and the
 * verdict that is expected.
 */
record Expectation(Place place, String name, Question question, Verdict expected) {}
