// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spi;

import java.util.function.Supplier;

/** Opening one thing after the other, so that a failure leaves none of them open. */
public final class Opening {
  private Opening() {}

  /**
   * Goes on after something has been opened.
   *
   * @param <T> what is made of it
   * @param close closes what has been opened
   * @param rest makes something that closes it from now on
   * @return what the rest has made; if that throws, what was opened has been closed
   */
  public static <T> T orClose(Runnable close, Supplier<T> rest) {
    try {
      return rest.get();
    } catch (RuntimeException | Error failed) {
      // Whatever it is: nobody else knows what has been opened so far.
      try {
        close.run();
      } catch (RuntimeException failedToo) {
        // What is opened may be foreign code, and why opening failed must not be hidden by it.
        failed.addSuppressed(failedToo);
      }
      throw failed;
    }
  }
}
