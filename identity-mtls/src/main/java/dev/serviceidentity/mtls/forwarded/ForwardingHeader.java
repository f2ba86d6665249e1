// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.LOOKALIKE_NAME;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.MIXED_HEADERS;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.NAMED_BY_CONNECTION;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.NOT_FORWARDED;
import static dev.serviceidentity.mtls.forwarded.ForwardedRejection.SEVERAL_LINES;
import static dev.serviceidentity.mtls.forwarded.RefusedHeaderException.require;

import dev.serviceidentity.caller.CallerEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The headers in which proxies say whose certificate they have verified. */
enum ForwardingHeader {
  /** Envoy's and Istio's. */
  X_FORWARDED_CLIENT_CERT("x-forwarded-client-cert"),
  /** Of RFC 9440, with {@link #CHAIN}. */
  CLIENT_CERT("client-cert"),
  /** Linkerd's. */
  L5D_CLIENT_ID("l5d-client-id");

  /** Belongs to {@link #CLIENT_CERT} and means nothing without it. */
  static final String CHAIN = "client-cert-chain";

  private static final List<String> FIELDS =
      List.of("x-forwarded-client-cert", "client-cert", CHAIN, "l5d-client-id");

  private static final List<String> LOOKALIKES =
      FIELDS.stream().flatMap(field -> lookalikes(field).stream()).toList();

  private final String field;

  ForwardingHeader(String field) {
    this.field = field;
  }

  String field() {
    return field;
  }

  /** The names of all such fields that a request has. */
  static List<String> in(CallerEvidence evidence) {
    List<String> found = List.of();
    for (String field : FIELDS) {
      if (!evidence.header(field).isEmpty()) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(field);
      }
    }
    return found;
  }

  /** The one value that a trusted hop has written, if nobody else can have had a hand in it. */
  String only(CallerEvidence evidence) throws RefusedHeaderException {
    refuseLookalikes(evidence);
    refuseNominated(evidence);
    List<String> found = in(evidence);
    List<String> values = evidence.header(field);
    require(
        this != CLIENT_CERT || !values.isEmpty() || !found.contains(CHAIN),
        ForwardedRejection.CHAIN_WITHOUT_CERTIFICATE,
        CHAIN + " is there without " + field);
    require(
        !values.isEmpty(),
        NOT_FORWARDED,
        "There is no " + field + (found.isEmpty() ? "" : ", but " + found));
    require(
        found.stream().allMatch(this::isMine), MIXED_HEADERS, "There are " + found + " at once");
    require(values.size() == 1, SEVERAL_LINES, field + " has " + values.size() + " lines");
    return values.get(0);
  }

  private boolean isMine(String name) {
    return name.equals(field) || (this == CLIENT_CERT && name.equals(CHAIN));
  }

  /** CGI and what follows it read both as one name (RFC 3875 section 4.1.18). */
  private static void refuseLookalikes(CallerEvidence evidence) throws RefusedHeaderException {
    for (String name : LOOKALIKES) {
      require(evidence.header(name).isEmpty(), LOOKALIKE_NAME, "There is a header " + name);
    }
  }

  /** What Connection names is for one hop only (RFC 9110 section 7.6.1). */
  private static void refuseNominated(CallerEvidence evidence) throws RefusedHeaderException {
    for (String line : evidence.header("connection")) {
      for (String option : line.split(",", -1)) {
        String name = HeaderText.trimmed(option).toLowerCase(Locale.ROOT);
        require(!FIELDS.contains(name), NAMED_BY_CONNECTION, "Connection names " + name);
      }
    }
  }

  /** The name with each choice of its hyphens replaced. */
  private static List<String> lookalikes(String name) {
    var variants = new ArrayList<>(List.of(""));
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      List<String> longer = new ArrayList<>();
      for (String variant : variants) {
        longer.add(variant + c);
        if (c == '-') {
          longer.add(variant + '_');
        }
      }
      variants = new ArrayList<>(longer);
    }
    variants.remove(name);
    return variants;
  }
}
