// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.RequestCredentials.ReplyVerifier;
import dev.serviceidentity.spi.ForeignText;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.jspecify.annotations.Nullable;

/** Judges the service's answer to one token: only who has the service's key can make it. */
final class MutualReply implements ReplyVerifier {
  private static final String SCHEME = "negotiate ";

  private final PrincipalName service;
  private final AtomicReference<@Nullable GSSContext> context;

  MutualReply(PrincipalName service, GSSContext context) {
    this.service = service;
    this.context = new AtomicReference<>(context);
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
    GSSContext once = context.getAndSet(null);
    if (once == null) {
      return failed("an answer to this token has been judged before");
    }
    return judge(once, tokens.get(0));
  }

  private Reply judge(GSSContext once, String text) {
    try {
      byte[] token = SpnegoExchange.complete(Base64.getDecoder().decode(text));
      byte[] more = once.initSecContext(token, 0, token.length);
      if (!once.isEstablished() || more != null) {
        return failed("the service wants another round");
      }
      return once.getMutualAuthState()
          ? new Reply.Complete()
          : failed("the service has not proven that it has the key");
    } catch (RefusedTokenException refused) {
      return failed(refused.detail());
    } catch (GSSException refused) {
      return failed(explain(refused));
    } catch (RuntimeException undecodable) {
      // Base64, and the JDK's decoders on bytes that they do not expect.
      return failed("the token cannot be decoded");
    }
  }

  private static String explain(GSSException refused) {
    Optional<KrbFault> fault = KrbFault.in(refused);
    return fault.isPresent()
        ? "the JDK says: " + fault.get().message() + ", " + fault.get().name()
        : "the JDK says: " + ForeignText.quote(String.valueOf(refused.getMessage()));
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
