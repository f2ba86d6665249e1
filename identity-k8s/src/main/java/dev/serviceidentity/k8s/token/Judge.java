// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.caller.Verification;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Says whether a token is good that says all that it must. Thread-safe. */
interface Judge extends AutoCloseable {
  /** Judges by what is in memory. */
  Verification judge(ReadToken token);

  /** Judges, asking elsewhere if need be, and at most as often as who presents it may cause it. */
  CompletionStage<Verification> ask(ReadToken token, Presenter presenter);

  /** What was found under one generation counts under no other. */
  long generation();

  /** For how long a good token need not be judged again. */
  Duration memory();

  /** What is wrong, or null. */
  @Nullable Trouble trouble();

  @Override
  void close();
}
