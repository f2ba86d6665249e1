// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The application that is guarded; it remembers who has been reached. */
final class Servlets {
  private final Queue<String> reached = new ConcurrentLinkedQueue<>();

  void addTo(ServletContext context) {
    add(context, "orders", new Telling("orders"), "/orders/*");
    add(context, "admin", new Telling("admin"), "/admin/*");
    add(context, "page", new Telling("page"), "/oops");
    add(context, "going", new Going(), "/going/*", "/public/*");
    add(context, "rest", new Telling("rest"), "/");
  }

  /** The names of the servlets that have been called so far, in order. */
  List<String> reached() {
    return List.copyOf(reached);
  }

  private static void add(
      ServletContext context, String name, HttpServlet servlet, String... patterns) {
    ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
    registration.addMapping(patterns);
    registration.setAsyncSupported(true);
  }

  /** Tells who calls. */
  private final class Telling extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final String name;

    Telling(String name) {
      this.name = name;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      reached.add(name);
      response
          .getWriter()
          .print(
              String.join(
                  " ",
                  name,
                  request.getDispatcherType().name(),
                  String.valueOf(request.getRemoteUser()),
                  String.valueOf(request.getAuthType()),
                  String.valueOf(request.getAttribute(IdentityFilter.CALLER))));
    }
  }

  /** Goes where the query says, as it says, and is public below /public. */
  private final class Going extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException {
      reached.add("going");
      String to = request.getParameter("to");
      if (request.getDispatcherType() != DispatcherType.REQUEST) {
        response.getWriter().print("here again " + request.getRemoteUser());
        return;
      }
      switch (String.valueOf(request.getParameter("how"))) {
        case "forward" -> request.getRequestDispatcher(to).forward(request, response);
        case "include" -> request.getRequestDispatcher(to).include(request, response);
        case "async" -> request.startAsync().dispatch(to);
        case "async-wrapped" -> request.startAsync(request, response).dispatch(to);
        case "async-here" -> request.startAsync().dispatch();
        case "error" -> response.sendError(HttpServletResponse.SC_GONE);
        case "throw" -> throw new ServletException("thrown on purpose");
        case "commit" -> response.flushBuffer();
        case "logout" -> request.logout();
        case "login" -> request.login("web", "secret");
        case "authenticate" -> response.getWriter().print(request.authenticate(response));
        case "role" -> response.getWriter().print(request.isUserInRole(to));
        default -> response.getWriter().print("went nowhere " + request.getRemoteUser());
      }
    }
  }
}
