// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.client.Json;
import dev.serviceidentity.k8s.policy.Quote;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One CertificateSigningRequest, from its creation to its end. */
final class SigningRequest {
  private static final System.Logger LOG = System.getLogger(SigningRequest.class.getName());
  private static final String RESOURCE = "certificatesigningrequests";
  private static final String GROUP = "certificates.k8s.io";
  private static final String PATH = "/apis/" + GROUP + "/v1/" + RESOURCE;
  private static final String NAME_PREFIX = "service-identity-";
  private static final Map<String, Object> LABELS =
      Map.of("app.kubernetes.io/managed-by", "service-identity");

  /** The API's own limits of {@code spec.expirationSeconds}. */
  private static final long SHORTEST_SECONDS = 600;

  private static final long LONGEST_SECONDS = Integer.MAX_VALUE;
  private static final Duration HASTY = Duration.ofSeconds(1);
  private static final int CONFLICT = 409;
  private static final int RANDOM_BYTES = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ApiServer api;
  private final Terms terms;
  private final Instant deadline;
  private final String name;

  /** As the server has last shown it. */
  private Map<String, Object> object = Map.of();

  /** One that is not there yet. Its name is known before it is, and never the server's choice. */
  SigningRequest(ApiServer api, Terms terms, Instant deadline) {
    this.api = api;
    this.terms = terms;
    this.deadline = deadline;
    var random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    this.name = NAME_PREFIX + HexFormat.of().formatHex(random);
  }

  /**
   * Asks for a certificate, which from now on waits for somebody who approves it. Where no answer
   * says whether it does, it is withdrawn.
   */
  void create(byte[] request, Duration lifetime) throws ApiFault, InterruptedException {
    long seconds = Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, lifetime.toSeconds()));
    try {
      object =
          api.post(
              PATH,
              Map.of(
                  "apiVersion",
                  GROUP + "/v1",
                  "kind",
                  "CertificateSigningRequest",
                  "metadata",
                  Map.of("name", name, "labels", LABELS),
                  "spec",
                  Map.of(
                      "request", Base64.getEncoder().encodeToString(pem(request)),
                      "signerName", terms.signer(),
                      "usages", terms.usages(),
                      "expirationSeconds", seconds)));
    } catch (ApiFault fault) {
      if (!fault.isOfRequest()) {
        withdraw();
      }
      throw named("create " + RESOURCE + "." + GROUP, fault);
    } catch (InterruptedException e) {
      withdraw();
      throw e;
    }
  }

  private static byte[] pem(byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN CERTIFICATE REQUEST-----\n"
            + text
            + "\n-----END CERTIFICATE REQUEST-----\n")
        .getBytes(US_ASCII);
  }

  /** Whoever else approves or denies it in the same moment is as good. */
  void approve() throws ApiFault, InterruptedException {
    var approved = new LinkedHashMap<>(object);
    approved.put(
        "status",
        Map.of(
            "conditions",
            List.of(
                Map.of(
                    "type", "Approved",
                    "status", "True",
                    "reason", "ApprovedByRequestor",
                    "message", "The service approves its own requests: approveItself()"))));
    try {
      api.put(path() + "/approval", approved);
    } catch (ApiFault fault) {
      if (fault.status() != CONFLICT) {
        throw named(
            "update "
                + RESOURCE
                + "/approval."
                + GROUP
                + ", or approve signers."
                + GROUP
                + " named "
                + terms.signer(),
            fault);
      }
    }
  }

  /** Waits for the certificate, or for whatever else becomes of the request. */
  List<X509Certificate> await() throws ApiFault, InterruptedException {
    LOG.log(
        Level.INFO,
        "The certificate signing request {0} for the signer {1} waits for approval",
        name,
        terms.signer());
    while (!isDecided()) {
      Instant begun = terms.clock().instant();
      Duration left = Duration.between(begun, deadline);
      if (left.compareTo(HASTY) < 0) {
        throw late();
      }
      String before = position();
      watch(left);
      boolean hasty = terms.clock().instant().isBefore(begun.plus(HASTY));
      if (hasty && before.equals(position())) {
        throw new ApiFault(0, "the API server ends the watch of " + name + " as soon as it begins");
      }
    }
    return IssuedChain.parse(certificate(), "The signer " + terms.signer());
  }

  private void watch(Duration length) throws ApiFault, InterruptedException {
    try {
      api.stream(
          PATH
              + "?watch=true&fieldSelector=metadata.name%3D"
              + name
              + "&resourceVersion="
              + position()
              + "&timeoutSeconds="
              + length.toSeconds(),
          length,
          this::accept);
    } catch (ApiFault fault) {
      throw named("watch " + RESOURCE + "." + GROUP, fault);
    }
  }

  private boolean accept(byte[] line) throws ApiFault {
    Map<String, Object> event = Json.object(line);
    Map<String, Object> shown = Json.part(event, "object");
    switch (Json.text(event, "type")) {
      case "ADDED", "MODIFIED" -> object = shown;
      case "DELETED" -> throw refused("was deleted by somebody else before it was signed");
      default ->
          throw new ApiFault(0, "the watch of " + name + " says: " + Json.text(shown, "message"));
    }
    return !isDecided();
  }

  private boolean isDecided() {
    refuseIf("Denied", "was denied");
    refuseIf("Failed", "failed");
    return !certificate().isEmpty();
  }

  private void refuseIf(String type, String what) {
    Map<String, Object> condition = condition(type);
    if (!condition.isEmpty()) {
      throw refused(
          what
              + " ("
              + Quote.plain(Json.text(condition, "reason"))
              + "): "
              + Quote.plain(Json.text(condition, "message")));
    }
  }

  private IdentityException refused(String what) {
    return new IdentityException(
        REFUSED,
        "The certificate signing request "
            + name
            + " for the signer "
            + terms.signer()
            + " "
            + what);
  }

  private IdentityException late() {
    String wanted = "The certificate signing request " + name;
    String withdrawn = " within " + terms.patience().toSeconds() + " s, and it was withdrawn; ";
    return new IdentityException(
        AUTHORITY_UNREACHABLE,
        condition("Approved").isEmpty()
            ? "Nobody approved "
                + wanted.replace("The c", "the c")
                + " for the signer "
                + terms.signer()
                + withdrawn
                + "kubectl certificate approve NAME while the next one waits, or install an approver"
            : wanted
                + " is approved, but nobody signed it"
                + withdrawn
                + "install a controller that serves the signer "
                + terms.signer());
  }

  private Map<String, Object> condition(String type) {
    if (Json.part(object, "status").get("conditions") instanceof List<?> conditions) {
      for (Object each : conditions) {
        Map<String, Object> condition = Json.part(Map.of("it", each), "it");
        if (type.equals(condition.get("type"))) {
          return condition;
        }
      }
    }
    return Map.of();
  }

  private String certificate() {
    return Json.text(Json.part(object, "status"), "certificate");
  }

  private String position() {
    return Json.text(Json.part(object, "metadata"), "resourceVersion");
  }

  private String path() {
    return PATH + "/" + name;
  }

  /**
   * Deletes it. One that stays, because a right is missing or this process ends, is removed by the
   * cluster (the controller csrcleaner): an hour after it was approved, denied or failed, a day
   * after it was made. Nothing but a public certificate is in it.
   */
  void withdraw() throws InterruptedException {
    try {
      api.delete(path());
    } catch (ApiFault fault) {
      if (!fault.isNotFound()) {
        String why = named("delete " + RESOURCE + "." + GROUP, fault).getMessage();
        LOG.log(
            Level.WARNING,
            "The certificate signing request {0} stays until the cluster removes it: {1}",
            name,
            why);
      }
    }
  }

  private static ApiFault named(String right, ApiFault fault) {
    return fault.isForbidden()
        ? new ApiFault(
            ApiFault.FORBIDDEN,
            "this service may not " + right + "; grant it (" + fault.said() + ")")
        : fault;
  }
}
