// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mechanism;

import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.IdentityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * What one outgoing request shows to prove who sends it. For one request only: a Kerberos token is
 * refused as a replay the second time. Its {@code toString} shows no credential.
 *
 * <pre>{@code
 * RequestCredentials mine = identity.credentialsFor(Target.of(uri));
 * mine.applyTo(request::header);
 * var response = client.send(request.build(), BodyHandlers.ofString());
 * Reply proof = mine.verifyReply(response.statusCode(), response.headers().map());
 * if (!(proof instanceof Reply.Complete)) {
 *   throw new IOException("The service that answered has not proven who it is: " + proof);
 * }
 * }</pre>
 */
public final class RequestCredentials {
  /** What the response proves about the service that answered. */
  public sealed interface Reply {
    /** The service proved its own identity, or the mechanism proved it before the request. */
    record Complete() implements Reply {}

    /** The response carries no proof. Whether that is acceptable is the caller's decision. */
    record Unauthenticated() implements Reply {}

    /**
     * The response carries a proof that is wrong: do not use it.
     *
     * @param reason what is wrong with it
     */
    record Failed(String reason) implements Reply {
      /**
       * Checks that it is said why.
       *
       * @param reason what is wrong
       */
      public Failed {
        Objects.requireNonNull(reason, "reason");
      }
    }
  }

  /** Judges a response; implemented by mechanisms. */
  @FunctionalInterface
  public interface ReplyVerifier {
    /**
     * Judges a response.
     *
     * @param status the HTTP status
     * @param headers all values by field name, in any letter case
     * @return what it proves
     */
    Reply verify(int status, Map<String, List<String>> headers);
  }

  private final List<HeaderField> fields;
  private final List<ReplyVerifier> verifiers;
  private final boolean provenInConnection;

  private RequestCredentials(
      List<HeaderField> fields, List<ReplyVerifier> verifiers, boolean provenInConnection) {
    this.fields = List.copyOf(fields);
    this.verifiers = List.copyOf(verifiers);
    this.provenInConnection = provenInConnection;
  }

  /**
   * Nothing to add to the request, and nothing to expect of the response: the connection itself
   * proves both ends, as mutual TLS does.
   *
   * @return empty credentials
   */
  public static RequestCredentials inConnection() {
    return new RequestCredentials(List.of(), List.of(), true);
  }

  /**
   * One field line.
   *
   * @param field the line that carries the credential
   * @param reply judges what the service answers
   * @return the credentials
   */
  public static RequestCredentials of(HeaderField field, ReplyVerifier reply) {
    return new RequestCredentials(List.of(field), List.of(reply), false);
  }

  /**
   * One field line that proves the caller alone, as a bearer token does (RFC 6750): no response can
   * tell who gave it, unless another mechanism does.
   *
   * @param field the line that carries the credential
   * @return the credentials
   */
  public static RequestCredentials bearer(HeaderField field) {
    return new RequestCredentials(List.of(field), List.of(), false);
  }

  /**
   * These and others on the same request.
   *
   * @param others credentials of another mechanism
   * @return both
   * @throws IdentityException with code {@code CONFIGURATION} if both would write {@code
   *     Authorization}, of which a request has one only (RFC 9110 section 11.6.2)
   */
  public RequestCredentials and(RequestCredentials others) {
    if (authorizes() && others.authorizes()) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "Two mechanisms would write Authorization into one request, which every service refuses;"
              + " take the credentials of one of them");
    }
    var allFields = new ArrayList<>(fields);
    allFields.addAll(others.fields);
    var allVerifiers = new ArrayList<>(verifiers);
    allVerifiers.addAll(others.verifiers);
    return new RequestCredentials(
        allFields, allVerifiers, provenInConnection || others.provenInConnection);
  }

  /**
   * Writes the credentials into a request.
   *
   * @param header adds one field line, such as {@code HttpRequest.Builder::header}
   */
  public void applyTo(BiConsumer<String, String> header) {
    fields.forEach(field -> header.accept(field.name(), field.value()));
  }

  /**
   * Judges the response: mutual authentication.
   *
   * @param status the HTTP status
   * @param headers all values by field name
   * @return the worst of what those mechanisms say that can say something; unauthenticated if none
   *     can
   */
  public Reply verifyReply(int status, Map<String, List<String>> headers) {
    Reply worst =
        provenInConnection || !verifiers.isEmpty()
            ? new Reply.Complete()
            : new Reply.Unauthenticated();
    for (ReplyVerifier verifier : verifiers) {
      Reply reply = Objects.requireNonNull(verifier.verify(status, headers), "reply");
      if (reply instanceof Reply.Failed) {
        return reply;
      }
      if (reply instanceof Reply.Unauthenticated) {
        worst = reply;
      }
    }
    return worst;
  }

  private boolean authorizes() {
    return fields.stream().anyMatch(field -> field.name().equalsIgnoreCase("Authorization"));
  }

  /** Returns the names of the field lines; no credential. */
  @Override
  public String toString() {
    return "RequestCredentials" + fields;
  }
}
