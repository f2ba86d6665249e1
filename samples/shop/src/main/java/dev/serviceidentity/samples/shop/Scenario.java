// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.samples.shop.Outcome.Expected;
import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * One call to show.
 *
 * @param from who calls
 * @param to who is called
 * @param title what is special about it
 * @param expected what it should come to
 * @param call makes it
 */
public record Scenario(Member from, Member to, String title, Expected expected, Call call) {
  /** Makes the call. */
  @FunctionalInterface
  public interface Call {
    /**
     * Makes the call.
     *
     * @throws IllegalStateException if something came back that no outcome can tell
     */
    Outcome make() throws IOException, InterruptedException, GeneralSecurityException;
  }
}
