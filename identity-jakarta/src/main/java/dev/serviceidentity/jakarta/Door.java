// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.jakarta.evidence.RequestEvidence;
import dev.serviceidentity.spi.ForeignText;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Judges each request once, and lets each of its dispatches through or answers it. */
final class Door {
  private static final Logger LOGGER = System.getLogger(IdentityFilter.class.getName());
  private static final int ID_OCTETS = 12;

  /**
   * What it goes by.
   *
   * @param identity whose callers they are
   * @param evidence reads what a request brings
   * @param rules what is particular to paths
   * @param roles who has which role
   * @param developerProfile the name of the profile in which callers are told explanations, or null
   */
  record Terms(
      ServiceIdentity identity,
      RequestEvidence evidence,
      PathRules rules,
      Roles roles,
      @Nullable String developerProfile) {}

  /** What is remembered of a request; of a type that no container makes of what callers send. */
  private record Judged(AccessDecision decision) {}

  private final Terms terms;
  private final SecureRandom random = new SecureRandom();

  /** Another one for each door, since an application may have several filters. */
  private final String memory = Door.class.getName() + "." + UUID.randomUUID();

  Door(Terms terms) {
    this.terms = terms;
  }

  PathRules rules() {
    return terms.rules();
  }

  /** Warns of all that makes it less than a shut door. */
  void announce() {
    if (terms.developerProfile() != null) {
      LOGGER.log(
          Level.WARNING,
          "The developer profile "
              + ForeignText.quote(terms.developerProfile())
              + " tells refused callers the names of pods, policies and principals; leave it out"
              + " wherever others can call");
    }
    terms.rules().reportOnly().forEach(rule -> LOGGER.log(Level.WARNING, rule.toString()));
  }

  void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getAttribute(memory) instanceof Judged judged) {
      answer(judged.decision(), request, response, chain);
      return;
    }
    Asked asked = Asked.of(request, terms.rules());
    if (asked.ruling().isPublic()) {
      chain.doFilter(request, response);
    } else if (request.getDispatcherType() == DispatcherType.ERROR) {
      // It came by a public path, or the container refused it before anybody asked for a proof.
      Problem.of(errorStatus(request)).write(request, response);
    } else {
      AccessDecision decision = judge(asked, request.getMethod());
      requireIncludable(decision, request);
      remember(decision, request);
      reply(decision, request, response);
      answer(decision, request, response, chain);
    }
  }

  /** What a page includes cannot set its status, so that a refusal ends the page (as an error). */
  private static void requireIncludable(AccessDecision decision, HttpServletRequest request)
      throws ServletException {
    if (decision instanceof Refused refused
        && request.getDispatcherType() == DispatcherType.INCLUDE) {
      throw new ServletException(
          refused + ": a page on a public path includes what its caller may not see");
    }
  }

  /**
   * Judges by the method that the application sees, which a filter in front may have changed.
   *
   * @param asked for what
   * @param method of the outermost layer
   */
  private AccessDecision judge(Asked asked, String method) {
    try {
      CallerEvidence evidence =
          terms.evidence().of(asked.made()).request(method, asked.path().told());
      return Objects.requireNonNull(
          terms.identity().admit(evidence, asked.ruling().rule()), "decision");
    } catch (RuntimeException failed) {
      // Evidence and identity may be foreign code: whatever fails in it, the door stays shut.
      Refused refused =
          Refused.of(
              newId(),
              new Refusal(Layer.IDENTITY, RefusalReason.INTERNAL_ERROR, failed.toString()),
              List.of());
      LOGGER.log(Level.WARNING, refused + ": a request could not be judged", failed);
      return refused;
    }
  }

  private void remember(AccessDecision decision, HttpServletRequest request) {
    request.setAttribute(memory, new Judged(decision));
    request.setAttribute(IdentityFilter.DECISION, decision);
    if (decision instanceof Admitted admitted) {
      request.setAttribute(IdentityFilter.CALLER, admitted.caller());
    }
  }

  private static void reply(
      AccessDecision decision, HttpServletRequest request, HttpServletResponse response) {
    // HTTP/2 and later have no fields about the connection (RFC 9113 section 8.2.2).
    boolean any = request.getProtocol().startsWith("HTTP/1.");
    decision.applyTo(
        (name, value) -> {
          if (any || !name.equalsIgnoreCase("Connection")) {
            response.addHeader(name, value);
          }
        });
  }

  private void answer(
      AccessDecision decision,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (decision instanceof Admitted admitted) {
      chain.doFilter(new AdmittedRequest(request, admitted, terms.roles()), response);
    } else if (decision instanceof Refused refused) {
      LOGGER.log(Level.DEBUG, () -> refused + ": " + refused.explanation());
      Problem problem = Problem.of(refused);
      if (terms.developerProfile() != null) {
        problem.member("explanation", refused.explanation());
      }
      problem.write(request, response);
    }
  }

  /** As many hexadecimal digits as every decision's id has. */
  private String newId() {
    byte[] id = new byte[ID_OCTETS];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private static int errorStatus(HttpServletRequest request) {
    return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
        ? status
        : HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
  }
}
