// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.function.Supplier;

/** What the policies say to a question, and why; the words are found when they are asked for. */
record Answer(Verdict verdict, Supplier<Explanation> why) {}
