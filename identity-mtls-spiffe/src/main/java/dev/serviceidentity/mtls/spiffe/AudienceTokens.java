// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The tokens for the audiences that this service calls. Of more than a thousand the one that was
 * not used for longest is forgotten.
 */
final class AudienceTokens {
  private static final int MOST_AUDIENCES = 1_000;

  private final Function<String, AudienceToken> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, AudienceToken> tokens = new LinkedHashMap<>(16, 0.75f, true);

  AudienceTokens(Function<String, AudienceToken> maker) {
    this.maker = maker;
  }

  AudienceToken of(String audience) {
    lock.lock();
    try {
      AudienceToken token = tokens.computeIfAbsent(audience, maker);
      if (tokens.size() > MOST_AUDIENCES) {
        tokens.remove(tokens.keySet().iterator().next());
      }
      return token;
    } finally {
      lock.unlock();
    }
  }
}
