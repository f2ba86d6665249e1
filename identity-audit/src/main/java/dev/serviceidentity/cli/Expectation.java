// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.k8s.question.Question;
import dev.serviceidentity.network.PolicyDecision.Verdict;

/** One line of a policy test: a question, and the verdict that its author expects. */
record Expectation(int line, Question question, Verdict expected) {}
