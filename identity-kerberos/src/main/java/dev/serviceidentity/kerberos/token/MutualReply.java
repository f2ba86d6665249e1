// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.RequestCredentials.ReplyVerifier;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Judges the service's answer to one token: only who has the service's key can make it. */
public final class MutualReply implements ReplyVerifier {
  /** What is expected of one answer. Used once. */
  public interface Proof {
    /**
     * Demands that an answer proves the service.
     *
     * @param token what follows the word Negotiate, decoded
     * @throws RefusedTokenException if it does not
     */
    void check(byte[] token) throws RefusedTokenException;
  }

  private static final String SCHEME = "negotiate ";

  private final PrincipalName service;
  private final AtomicReference<@Nullable Proof> proof;

  /**
   * Waits for an answer.
   *
   * @param service who is to be proven
   * @param proof what is expected of the answer
   */
  public MutualReply(PrincipalName service, Proof proof) {
    this.service = service;
    this.proof = new AtomicReference<>(proof);
  }

  @Override
  public Reply verify(int status, Map<String, List<String>> headers) {
    List<String> tokens = tokens(headers);
    if (tokens.isEmpty()) {
      return new Reply.Unauthenticated();
    }
    if (tokens.size() > 1) {
      return failed("there are " + tokens.size() + " Negotiate tokens in the response");
    }
    if (tokens.get(0).length() > NegotiateToken.LONGEST) {
      return failed("the token is longer than " + NegotiateToken.LONGEST + " characters");
    }
    Proof once = proof.getAndSet(null);
    if (once == null) {
      return failed("an answer to this token has been judged before");
    }
    return judge(once, tokens.get(0));
  }

  private Reply judge(Proof once, String text) {
    try {
      once.check(decode(text));
      return new Reply.Complete();
    } catch (RefusedTokenException refused) {
      return failed(refused.detail());
    }
  }

  private static byte[] decode(String text) throws RefusedTokenException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw malformed("the token is not base64");
    }
  }

  private Reply failed(String why) {
    return new Reply.Failed("What answered is not proven to be " + service + ": " + why);
  }

  private static List<String> tokens(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .filter(field -> "WWW-Authenticate".equalsIgnoreCase(field.getKey()))
        .flatMap(field -> field.getValue().stream())
        .map(String::strip)
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(value -> value.substring(SCHEME.length()).strip())
        .toList();
  }
}
